"""Directional derivatives of functions, by forward mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .._core.forward import Dual, Pushforward, materialized, pushforward
from .._core.primitive import Primitive
from .._core.tensor import Tensor, wrap
from .._core.views import replay, scatter
from ..utils._pytree import tree_flatten, tree_map, tree_unflatten
from ._arguments import check_outputs, check_tensors, chosen, replaced, split_aux

API = "jvp(f, primals, tangents)"


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False) -> Any:
    """``func(*primals)`` and its derivative along ``tangents``, in one pass: ``(output, tangent)``, or
    ``(output, tangent, aux)``.

    primals: a tuple of tensors, or of nested containers of them; tangents have the same structure and shapes. A result
    that does not depend on the primals has a tangent of zeros, or with ``strict`` raises RuntimeError.

    >>> import rushlight as torch
    >>> torch.func.jvp(torch.sin, (torch.tensor(0.0),), (torch.tensor(2.0),))
    (tensor(0.), tensor(2.))
    """
    return jvp_of(func, primals, tangents, None, strict, has_aux)


def jvp_of(func: Callable[..., Any], primals: Any, tangents: Any, argnums: Any, strict: bool, has_aux: bool) -> Any:
    """`jvp` with respect to those primals that ``argnums`` names (None: all)."""
    with Pushforward() as level:
        output, aux, spec = run(level, func, primals, tangents, argnums, has_aux)
        duals = [level.unpack(out) for out in output]
        if has_aux:
            aux = tree_map(lambda t: value_of(level, t), aux)
    if strict and any(dual.tangent is None for dual in duals):
        raise RuntimeError(
            "jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed "
            "with strict=True."
        )
    values = tree_unflatten([dual.primal for dual in duals], spec)
    derivatives = tree_unflatten([materialized(dual) for dual in duals], spec)
    return (values, derivatives, aux) if has_aux else (values, derivatives)


def run(level: Pushforward, func: Callable[..., Any], primals: Any, tangents: Any, argnums: Any, has_aux: bool) -> Any:
    """The flat output of ``func``, what it returned beside, and the structure of the output."""
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{API}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).")
    given = primals if argnums is None else chosen(primals, argnums if isinstance(argnums, tuple) else (argnums,))
    values, spec = tree_flatten(given)
    directions, tangents_spec = tree_flatten(tangents)
    if spec != tangents_spec:
        raise RuntimeError(
            f"{API}: Expected primals and tangents to have the same python structure. For example, if primals is a tuple "
            f"of 3 tensors, tangents also must be. Got primals with structure {spec} and tangents with structure "
            f"{tangents_spec}"
        )
    check_tensors(values, API, "primals")
    check_tensors(directions, API, "tangents")
    # New tensors: the same one given twice may have two tangents.
    duals = tree_unflatten([make_dual(level, v, d) for v, d in zip(values, directions)], spec)
    if argnums is not None:
        duals = replaced(primals, argnums, duals if isinstance(argnums, tuple) else duals[0])
    output, aux = split_aux(func(*duals), has_aux, API)
    outputs, output_spec = tree_flatten(output)
    check_outputs(outputs, API)
    return outputs, aux, output_spec


def make_dual(level: Pushforward, primal: Tensor, tangent: Tensor) -> Tensor:
    """A tensor of ``level``; refused as PyTorch refuses it."""
    for name, t in (("primal", primal), ("tangent", tangent)):
        if t._data.dtype.kind not in "fcV":
            raise ValueError(f"Expected {name} to be floating point or complex, but got: {t.dtype}")
    if primal._data.shape != tangent._data.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not "
            f"supported. Tensor is of size {list(primal._data.shape)} while the given forward gradient is of size "
            f"{list(tangent._data.shape)}."
        )
    return level.lift(primal, tangent)


def value_of(level: Pushforward, t: Any) -> Any:
    if not isinstance(t, Tensor):
        raise RuntimeError(f"Expected tensors, got unsupported type {type(t)}")
    return level.unpack(t).primal


# -- the derivative as a function of the direction ------------------------------------------------------------------


class Step(NamedTuple):
    """One operation of a function that was linearized."""

    primitive: Primitive
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    out: Any
    of_inputs: list[int | None]  # which tangents are those of the inputs ...
    of_results: list[int | None]  # ... and which those of the results
    versions: list[int]

    def tensors(self) -> list[Tensor]:
        outs = self.out if isinstance(self.out, tuple) else (self.out,)
        return [t for t in (*self.inputs, *outs) if isinstance(t, Tensor)]


def outline(t: Tensor) -> Tensor:
    """A tensor that has the shape and dtype of ``t``, and no memory to speak of."""
    return wrap(np.broadcast_to(np.zeros((), t._data.dtype), t._data.shape))


class Linearizing(Pushforward):
    """Forward mode that keeps what it needs to go forward again, in any direction.

    Tangents are not computed here: in their place are numbers that say which tangent it will be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.script: list[Step] = []

    def name(self) -> int:
        self.count += 1
        return self.count - 1

    def apply(
        self, primitive: Primitive, inputs: tuple[Any, ...], contents: list[Any], params: dict[str, Any], recorded: bool
    ) -> Any:
        primals = tuple([t if c is None else c.primal for t, c in zip(inputs, contents)])
        names = [None if c is None else c.tangent for c in contents]
        out = primitive.bind(*primals, **params)
        outs = out if isinstance(out, tuple) else (out,)
        made: list[int | None] = [None] * len(outs)
        if primitive.differentiable and any(name is not None for name in names):
            made = [self.name() if o._data.dtype.kind in "fcV" else None for o in outs]
            step = Step(primitive, primals, params, out, names, made, [])
            step.versions.extend([t._version for t in step.tensors()])
            self.script.append(step)
        results = tuple([self.carry(o, name, recorded) for o, name in zip(outs, made)])  # type: ignore[arg-type]
        return results if isinstance(out, tuple) else results[0]

    def contents_history(self, content: Any) -> bool:
        return super().contents_history(Dual(content.primal, None))

    def note(self, primitive: Primitive, duals: Sequence[Dual], params: dict[str, Any], out: Tensor) -> int:
        """Write down a linear operation on tangents alone: of the values only the shapes are kept."""
        name = self.name()
        inputs = tuple([outline(dual.primal) for dual in duals])
        step = Step(primitive, inputs, params, outline(out), [dual.tangent for dual in duals], [name], [])  # type: ignore[misc]
        step.versions.extend([0 for _ in step.tensors()])
        self.script.append(step)
        return name

    def looked(self, base: Dual, path: dict[str, Any]) -> Any:
        view = wrap(replay.forward(outline(base.primal)._data, **path))
        return self.note(replay, (base,), path, view)

    def overwritten(self, base: Dual, part: Dual, path: dict[str, Any]) -> Any:
        return self.note(scatter, (base, part), path, base.primal)

    def write(self, t: Tensor, result: Tensor) -> None:
        dual = self.content(self.known(t))
        self.keep(t if dual is None else dual.primal)
        super().write(t, result)

    def keep(self, target: Tensor) -> None:
        """Have the script hold copies of what lies in the memory of ``target``, which will be written to."""
        copies: dict[Tensor, Tensor] = {}

        def kept(t: Any) -> Any:
            if t is not target and (
                not isinstance(t, Tensor) or t._counter is None or t._counter is not target._counter
            ):
                return t
            if t not in copies:
                copies[t] = self.below(t.clone)
            return copies[t]

        for i, step in enumerate(self.script):
            inputs = tuple(map(kept, step.inputs))
            out = tuple(map(kept, step.out)) if isinstance(step.out, tuple) else kept(step.out)
            if copies:
                changed = step._replace(inputs=inputs, out=out, versions=[])
                changed.versions.extend([t._version for t in changed.tensors()])
                self.script[i] = changed

    def play(self, directions: list[Tensor]) -> list[Any]:
        """The tangents of all that was computed, for those of the primals."""
        tangents: list[Any] = [*directions, *[None] * (self.count - len(directions))]
        for step in self.script:
            if [t._version for t in step.tensors()] != step.versions:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: "
                    f"{step.primitive.name} was linearized at another value\nCall linearize again after the change."
                )
            given = [None if name is None else tangents[name] for name in step.of_inputs]
            if all(g is None for g in given):
                continue
            found = pushforward(step.primitive, step.inputs, given, step.params, step.out)
            for name, tangent in zip(step.of_results, found if isinstance(step.out, tuple) else (found,)):
                if name is not None:
                    tangents[name] = tangent
        return tangents


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """``func(*primals)``, and its derivative there as a function of the direction.

    Returns ``(output, jvp_fn)``; ``jvp_fn(*tangents)`` does not evaluate ``func`` again, for which all intermediate
    results are kept.

    >>> import rushlight as torch
    >>> y, push = torch.func.linearize(torch.sin, torch.tensor(0.0))
    >>> push(torch.tensor(2.0)), push(torch.tensor(3.0))
    (tensor(2.), tensor(3.))
    """
    values, spec = tree_flatten(primals)
    check_tensors(values, "linearize(f, *primals)", "primals")
    with Linearizing() as level:
        # The tangents' names stand where the tangents will be.
        inputs = [level.lift(v, level.name()) if v._data.dtype.kind in "fcV" else v for v in values]
        outputs, output_spec = tree_flatten(func(*tree_unflatten(inputs, spec)))
        check_outputs(outputs, "linearize(f, *primals)")
        duals = [level.unpack(out) for out in outputs]

    def jvp_fn(*tangents: Any) -> Any:
        given, tangents_spec = tree_flatten(tangents)
        if tangents_spec != spec:
            raise RuntimeError(f"Expected the tangents {tangents_spec} to have the same argspec as the primals {spec}")
        for i, (t, v) in enumerate(zip(given, values)):
            for what, of_tangent, of_primal in (("shape", t.shape, v.shape), ("dtype", t.dtype, v.dtype)):
                if of_tangent != of_primal:
                    raise RuntimeError(
                        f"tangent:{i} with {what} {of_tangent} in flattened pytree doesn't match the {what} "
                        f"{of_primal} of the corresponding primal."
                    )
        found = level.play([t for t, v in zip(given, values) if v._data.dtype.kind in "fcV"])
        results = [materialized(Dual(p, None if name is None else found[name])) for p, name in duals]
        return tree_unflatten(results, output_spec)

    return tree_unflatten([dual.primal for dual in duals], output_spec), jvp_fn
