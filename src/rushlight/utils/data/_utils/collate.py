"""A list of samples as one batch: tensors are stacked, containers are gone into."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ...._core import dtypes
from ...._core.tensor import Tensor
from ...._ops.creation import as_tensor, tensor
from ...._ops.joining import stack

Kinds = dict[Any, Callable[..., Any]]

_REFUSAL = "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"


def collate(batch: Any, *, collate_fn_map: Kinds | None = None) -> Any:
    """A batch of a list of samples, by a table that says for each type of sample how it is done.

    Mappings, named tuples and sequences are gone into. TypeError for what the table does not know.
    """
    first = batch[0]
    if collate_fn_map is not None:
        how = collate_fn_map.get(type(first))
        if how is None:
            how = next((f for kind, f in collate_fn_map.items() if isinstance(first, kind)), None)
        if how is not None:
            return how(batch, collate_fn_map=collate_fn_map)

    def inner(samples: Any) -> Any:
        return collate(samples, collate_fn_map=collate_fn_map)

    if isinstance(first, Mapping):
        return _like_mapping(first, {key: inner([sample[key] for sample in batch]) for key in first})
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*map(inner, zip(*batch)))
    if isinstance(first, Sequence):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        columns = list(map(inner, zip(*batch)))
        return columns if isinstance(first, tuple) else _like_sequence(first, columns)
    raise TypeError(_REFUSAL.format(type(first)))


def _like_mapping(model: Any, items: dict[Any, Any]) -> Any:
    """A mapping of the model's kind, with what else it carries; a dict where that cannot be made."""
    try:
        if isinstance(model, MutableMapping):
            out = copy.copy(model)
            out.update(items)
            return out
        return type(model)(items)
    except TypeError:
        return items


def _like_sequence(model: Any, items: list[Any]) -> Any:
    """A sequence of the model's kind, with what else it carries; a list where that cannot be made."""
    try:
        if isinstance(model, MutableSequence):
            out = copy.copy(model)
            for i, item in enumerate(items):
                out[i] = item
            return out
        return type(model)(items)
    except TypeError:
        return items


def _is_text_or_objects(array: np.ndarray) -> bool:
    return array.dtype.kind in "SUO"


def _tensors(batch: Any, *, collate_fn_map: Kinds | None = None) -> Tensor:
    return stack(list(batch))


def _arrays(batch: Any, *, collate_fn_map: Kinds | None = None) -> Any:
    if _is_text_or_objects(batch[0]):
        raise TypeError(_REFUSAL.format(batch[0].dtype))
    return collate([as_tensor(array) for array in batch], collate_fn_map=collate_fn_map)


def _numpy_numbers(batch: Any, *, collate_fn_map: Kinds | None = None) -> Tensor:
    return as_tensor(batch)


def _floats(batch: Any, *, collate_fn_map: Kinds | None = None) -> Tensor:
    return tensor(batch, dtype=dtypes.float64)


def _ints(batch: Any, *, collate_fn_map: Kinds | None = None) -> Tensor:
    return tensor(batch)


def _as_they_are(batch: Any, *, collate_fn_map: Kinds | None = None) -> Any:
    return batch


default_collate_fn_map: Kinds = {
    Tensor: _tensors,
    np.ndarray: _arrays,
    (np.bool_, np.number, np.object_): _numpy_numbers,
    float: _floats,
    int: _ints,
    str: _as_they_are,
    bytes: _as_they_are,
}


def default_collate(batch: Any) -> Any:
    """A list of samples as a batch: tensors and numbers stacked, dicts of batches of dicts, lists of tuples.

    >>> from rushlight.utils.data import default_collate
    >>> default_collate([(1, "a"), (2, "b")])
    [tensor([1, 2]), ('a', 'b')]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def default_convert(data: Any) -> Any:
    """A sample with its arrays and NumPy numbers made tensors; the rest as it is.

    >>> import numpy as np
    >>> from rushlight.utils.data import default_convert
    >>> default_convert([np.array([0, 1]), "a"])
    [tensor([0, 1]), 'a']
    """
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)) and not isinstance(data, (np.str_, np.bytes_)):
        return data if isinstance(data, np.ndarray) and _is_text_or_objects(data) else as_tensor(data)
    if isinstance(data, Mapping):
        return _like_mapping(data, {key: default_convert(data[key]) for key in data})
    if isinstance(data, tuple):
        items = [default_convert(item) for item in data]
        return type(data)(*items) if hasattr(data, "_fields") else items
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _like_sequence(data, [default_convert(item) for item in data])
    return data
