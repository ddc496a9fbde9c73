"""Reading and writing by index: where the indices differ between examples, the example is one more index."""

from __future__ import annotations

from math import prod
from typing import Any

from ..primitive import REGISTRY, Primitive
from . import batching_rule, mapped, with_ndim
from .dimensions import as_vectors, shifted
from .operands import Operand

# -- x[i, :, j] -------------------------------------------------------------------------------------------------


class Places:
    """Where index tensors stand, and where the dimensions that they make come to lie in ``x[...]``.

    Those take the place of the indexed dimensions where these are next to each other, else they come first.
    """

    def __init__(self, indices: list[Operand], dims: tuple[int, ...], size: int):
        if any(i.mapped and i.value._data.dtype.kind == "b" for i in indices):
            raise RuntimeError(
                "vmap: We do not support batching operators that can support dynamic shape. Attempting to batch over "
                "indexing with a boolean mask.\nUse torch.where(mask, x, other), whose shape does not depend on the mask."
            )
        self.mapped = any(i.mapped for i in indices)
        if self.mapped:
            indices, dims = without_masks(indices, dims)
        self.indices, self.dims, self.size = indices, dims, size
        masked = [i.ndim if i.value._data.dtype.kind == "b" else 1 for i in indices]
        self.together = all(b == a + n for a, n, b in zip(dims, masked, dims[1:]))
        self.first = dims[0] if self.together else 0
        # A mask makes one dimension.
        self.ndim = max(1 if i.value._data.dtype.kind == "b" else i.ndim for i in indices)

    def values(self) -> list[Any]:
        return [with_ndim(i, self.ndim) for i in self.indices]

    def with_example(self) -> tuple[list[Any], tuple[int, ...]]:
        """Index tensors and their dimensions for arrays with the examples in front."""
        values = self.values()
        example = values[0].new_tensor(list(range(self.size))).reshape(self.size, *(1,) * self.ndim)
        return [example, *values], (0, *[d + 1 for d in self.dims])

    def front(self, x: Any) -> Any:
        """An array like the examples' ``x[...]``, with the indices' dimensions right after the examples."""
        made = list(range(1 + self.first, 1 + self.first + self.ndim))
        return x.movedim(made, list(range(1, 1 + self.ndim))) if self.first and self.ndim else x

    def back(self, x: Any) -> Any:
        """`front` undone."""
        made = list(range(1 + self.first, 1 + self.first + self.ndim))
        return x.movedim(list(range(1, 1 + self.ndim)), made) if self.first and self.ndim else x


def without_masks(indices: list[Operand], dims: tuple[int, ...]) -> tuple[list[Operand], tuple[int, ...]]:
    """The indices with a vector of places for each dimension of a mask, which must be the same for all examples."""
    out: list[Operand] = []
    at: list[int] = []
    for i, dim in zip(indices, dims):
        if i.value._data.dtype.kind != "b":
            out.append(i)
            at.append(dim)
            continue
        for d, place in enumerate(i.value.nonzero(as_tuple=True)):
            out.append(Operand(place, False, 1))
            at.append(dim + d)
    return out, tuple(at)


@batching_rule("Index")
def index_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, *indices = operands
    places = Places(indices, params["dims"], size)
    if not places.mapped:
        out = primitive.bind(x.value, *places.values(), dims=tuple([d + 1 for d in places.dims]))
        return out if places.together else out.movedim(places.ndim, 0)
    if not x.mapped:
        return primitive.bind(x.value, *places.values(), dims=places.dims).movedim(places.first, 0)
    values, dims = places.with_example()
    return places.back(primitive.bind(x.value, *values, dims=dims))


@batching_rule("IndexBackwardBackward0")
def index_embed_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    g, *indices = operands
    places = Places(indices, params["dims"], size)
    shape = (size, *params["shape"])
    value = mapped(g, size)
    if not places.mapped:
        value = value if places.together else value.movedim(0, places.ndim)
        return primitive.bind(value, *places.values(), shape=shape, dims=tuple([d + 1 for d in places.dims]))
    values, dims = places.with_example()
    return primitive.bind(places.front(value), *values, shape=shape, dims=dims)


@batching_rule("IndexPut")
def index_put_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, source, *indices = operands
    places = Places(indices, params["dims"], size)
    masks = [i.ndim if i.value._data.dtype.kind == "b" else 1 for i in places.indices]
    ndim = x.ndim - sum(masks) + places.ndim  # of x[...]
    value = with_ndim(source, ndim)
    options = {"accumulate": params["accumulate"]}
    if not places.mapped:
        if source.mapped and not places.together:
            value = value.movedim(0, places.ndim)
        dims = tuple([d + 1 for d in places.dims])
        return primitive.bind(mapped(x, size), value, *places.values(), dims=dims, **options)
    values, dims = places.with_example()
    if not source.mapped:
        value = with_ndim(Operand(mapped(source, size), True, source.ndim), ndim)
    return primitive.bind(mapped(x, size), places.front(value), *values, dims=dims, **options)


# -- an index for each element --------------------------------------------------------------------------------------


@batching_rule("Gather", "Scatter", "ScatterAdd", "ScatterBackward1", "ScatterReduce", "ScatterCombined")
def by_element_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    # An example without dimensions counts as a vector of one element.
    scalar = operands[0].ndim == 0
    vectors = [Operand(o.value.unsqueeze(-1), o.mapped, 1) if o.ndim == 0 else o for o in operands]
    out = primitive.bind(*[mapped(o, size) for o in vectors], **shifted(params, size))
    if primitive.name == "Gather":
        scalar = operands[1].ndim == 0
    return out.squeeze(-1) if scalar else out


def counted(index: Any, n: int) -> Any:
    """Indices that may count from the end, counted from the start."""
    return index + (index < 0) * n


@batching_rule("Take")
def take_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, index = operands
    if not x.mapped:
        return primitive.bind(x.value, index.value)
    places = counted(mapped(index, size), prod(x.shape)).reshape(size, -1)
    return as_vectors(x).gather(1, places).reshape(size, *index.shape)


@batching_rule("TakeBackwardBackward0")
def untake_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    g, index = operands
    n = prod(params["shape"])
    places = counted(mapped(index, size), n).reshape(size, -1)
    value = mapped(g, size).reshape(size, -1)
    return value.new_zeros((size, n)).scatter_add(1, places, value).reshape(size, *params["shape"])


# -- an index for each part along a dimension -------------------------------------------------------------------------


def spread_index(index: Operand, shape: tuple[int, ...], dim: int, size: int) -> Any:
    """The index of parts along ``dim`` as one of each element of parts of ``shape``."""
    value = mapped(index, size).reshape(size, *(1,) * dim, -1, *(1,) * (len(shape) - dim - 1))
    n = value._data.shape[dim + 1]
    return value.expand(size, *shape[:dim], n, *shape[dim + 1 :])


@batching_rule("IndexSelect")
def index_select_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, index = operands
    dim = params["dim"]
    if x.ndim == 0:
        # One element, along dimension 0.
        out = mapped(x, size).unsqueeze(1).gather(1, mapped(index, size).reshape(size, -1))
        return out.squeeze(1)
    if not index.mapped:
        return primitive.bind(x.value, index.value, dim=dim + 1)
    if x.mapped:
        return x.value.gather(dim + 1, spread_index(index, x.shape, dim, size))
    out = primitive.bind(x.value, index.value.reshape(-1), dim=dim)
    shape = out._data.shape
    return out.reshape(*shape[:dim], size, -1, *shape[dim + 1 :]).movedim(dim, 0)


@batching_rule("IndexFill", "IndexFillBackward1")
def index_fill_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, index, *value = operands
    dim = params["dim"]
    if x.ndim == 0:
        return NotImplemented
    if not index.mapped and not (value and value[0].mapped):
        values = [o.value for o in value]
        return primitive.bind(mapped(x, size), index.value, *values, **{**params, "dim": dim + 1})
    n = x.shape[dim]
    places = counted(spread_index(index, x.shape, dim, size), n)
    filled = places.new_zeros((size, *x.shape)).scatter(dim + 1, places, 1).ne(0)
    to = with_ndim(value[0], x.ndim) if value else mapped(x, size).new_tensor(params["value"])
    return to.where(filled, mapped(x, size))


@batching_rule("IndexAdd", "IndexCopy")
def index_write_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, index, *source = operands
    dim = params["dim"]
    if x.ndim == 0 or (source and source[0].ndim != x.ndim):
        return NotImplemented
    if not index.mapped:
        values = [mapped(o, size) for o in (x, *source)]
        values.insert(1, index.value)
        return primitive.bind(*values, **shifted(params, size))
    value = mapped(x, size)
    places = spread_index(index, source[0].shape, dim, size)
    written = mapped(source[0], size)
    if primitive.name == "IndexCopy":
        return value.scatter(dim + 1, places, written)
    return value.scatter_add(dim + 1, places, written * params["alpha"])


# -- masks ------------------------------------------------------------------------------------------------------------


@batching_rule("MaskedSelect")
def masked_select_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    x, mask = operands
    if mask.mapped:
        raise RuntimeError(
            "vmap: Attempted to vmap over `mask` in torch.masked_select(self, mask) We cannot support this because for "
            "each batch this would return a differently shaped Tensor. Please file an issue at "
            "https://github.com/pytorch/pytorch/issues if you need this feature.\n"
            "Use torch.where(mask, x, other), whose shape does not depend on the mask."
        )
    if x.ndim == 0 or x.shape != mask.shape:
        return NotImplemented
    return REGISTRY["Index"].bind(x.value, mask.value, dims=(1,))


@batching_rule("MaskedScatterBackward")
def of_source_rule(primitive: Primitive, operands: list[Operand], params: dict[str, Any], size: int) -> Any:
    """What the mask chooses goes to the front, by a stable sort; a source of any size takes its part of that."""
    g, mask = operands
    chosen = with_ndim(mask, g.ndim).expand(size, *g.shape).reshape(size, prod(g.shape))
    order = chosen.logical_not().argsort(1, stable=True)
    taken = mapped(g, size).reshape(size, prod(g.shape)).gather(1, order)
    taken = taken.masked_fill(chosen.gather(1, order).logical_not(), 0)
    wanted, there = prod(params["shape"]), prod(g.shape)
    if wanted > there:
        from ... import cat

        taken = cat([taken, taken.new_zeros((size, wanted - there))], 1)
    return taken.narrow(1, 0, wanted).reshape(size, *params["shape"])
