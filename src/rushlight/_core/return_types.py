"""Named tuples for operations with several results: ``torch.return_types.max`` and its like.

PyTorch makes them the way that Python makes ``time.struct_time``: a tuple with named fields, constructed from
one sequence. `collections.namedtuple` takes its fields one by one, prints otherwise, and has methods besides.

"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

# Every type by its name; the module `rushlight.return_types` shows them.
TYPES: dict[str, type[ReturnType]] = {}


class ReturnType(tuple):
    """The results of one call, by position and by name.

    >>> import rushlight as torch
    >>> torch.tensor([1.0, 3.0]).max(dim=0)
    torch.return_types.max(
    values=tensor(3.),
    indices=tensor(1))
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()
    n_unnamed_fields = 0

    def __new__(cls, sequence: Iterable[Any]) -> Any:
        if not hasattr(type(sequence), "__iter__"):
            raise TypeError("constructor requires a sequence")
        fields = tuple(sequence)
        wanted = len(cls.__match_args__)
        if len(fields) != wanted:
            raise TypeError(
                f"torch.return_types.{cls.__name__}() takes a {wanted}-sequence ({len(fields)}-sequence given)"
            )
        return tuple.__new__(cls, fields)

    def __repr__(self) -> str:
        fields = ",\n".join(f"{name}={value!r}" for name, value in zip(self.__match_args__, self))
        return f"torch.return_types.{type(self).__name__}(\n{fields})"

    # By name: a program that runs as if on torch, and one that imports rushlight, can read each other's
    # pickles.
    def __reduce__(self) -> Any:
        return (restore, (type(self).__name__, tuple(self)))


def restore(name: str, fields: tuple[Any, ...]) -> ReturnType:
    """What `pickle` stored, again."""
    return TYPES[name](fields)


def return_type(name: str, *fields: str) -> type[ReturnType]:
    """Define ``torch.return_types.<name>`` with these fields."""
    count = len(fields)
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": "torch.return_types",
        "__match_args__": fields,
        "n_fields": count,
        "n_sequence_fields": count,
    }
    body.update((each, property(itemgetter(i))) for i, each in enumerate(fields))
    made = TYPES[name] = type(name, (ReturnType,), body)
    return made
