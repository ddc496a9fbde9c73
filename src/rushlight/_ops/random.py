"""Random tensors: PyTorch's numbers for PyTorch's seeds.

What is drawn, and how much of the stream that takes, stands in `_core.random`; here are the functions and
in-place methods over it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.autograd_methods import marked
from .._core.inplace import before, check_writable, write, write_out
from .._core.levels import Shadow, drawn
from .._core.modes import state
from .._core.out_checks import OutCheck, any_dtype, dtype_of_out
from .._core.primitive import Primitive
from .._core.random.generator import Generator, default_generator, stream_of
from .._core.registry import METHODS, register
from .._core.tensor import Tensor, wrap
from .creation import finished, shape_of
from .memory_formats import laid_out_like

# -- new tensors ----------------------------------------------------------------------------------------------


def rand(
    *args: Any,
    size: Any = None,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """Numbers uniform in [0, 1).

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(2)
    tensor([0.4963, 0.7682])
    """
    d = dtype or (dtypes.get_default_dtype() if out is None else out.dtype)
    stream = stream_of(generator)
    draw = lambda shape: stream.uniform(shape, d.np)
    return _delivered(shape_of(args, "rand", size), draw, d, out, requires_grad, device, layout, pin_memory)


def randn(
    *args: Any,
    size: Any = None,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """Normal numbers of mean 0 and variance 1.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(2)
    tensor([ 1.5410, -0.2934])
    """
    d = dtype or (dtypes.get_default_dtype() if out is None else out.dtype)
    stream = stream_of(generator)
    draw = lambda shape: stream.normal(shape, d.np)
    return _delivered(shape_of(args, "randn", size), draw, d, out, requires_grad, device, layout, pin_memory)


def randint(
    low: Any = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """Whole numbers from ``low`` (0 where only one bound is given) up to, without, ``high``, in the shape of ``size``.

    Raises TypeError where a bound is no whole number or the size no sequence of them.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randint(10, (4,))
    tensor([4, 9, 3, 0])
    """
    if size is None:
        high, size = None, high
    if high is None:
        low, high = None, low
    if high is None or size is None:
        given = {"low": low, "high": high, "size": size}
        got = ", ".join(f"{n}={type(v).__name__}" for n, v in given.items() if v is not None)
        raise TypeError(f"randint() received an invalid combination of arguments - got ({got})")
    position = 2 if low is None else 3
    if not isinstance(size, (tuple, list)):
        raise TypeError(
            f"randint(): argument 'size' (position {position}) must be tuple of ints, not {type(size).__name__}"
        )
    start = 0 if low is None else bound(low, "low", 1, "randint")
    end = bound(high, "high", position - 1, "randint")
    d = dtype or (dtypes.int64 if out is None else out.dtype)
    stream = stream_of(generator)
    draw = lambda shape: stream.integers(start, end, shape, d.np)
    return _delivered(
        shape_of((size,), "randint", position=position), draw, d, out, requires_grad, device, layout, pin_memory
    )


def bound(value: Any, argument: str, position: int, name: str) -> int:
    """A bound of whole numbers as an int; TypeError where it is none."""
    number = value.item() if isinstance(value, Tensor) else value
    if isinstance(number, (float, complex)) or not hasattr(number, "__index__"):
        kind = "Tensor" if isinstance(value, Tensor) else type(value).__name__
        raise TypeError(f"{name}(): argument '{argument}' (position {position}) must be int, not {kind}")
    return int(number)


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    out: Any = None,
) -> Tensor:
    """The numbers from 0 to ``n - 1`` in random order.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randperm(4)
    tensor([0, 1, 3, 2])
    """
    stream, d = stream_of(generator), dtype or (dtypes.int64 if out is None else out.dtype)
    draw = lambda shape: stream.permutation(int(n), d.np)
    return _delivered((int(n),), draw, d, out, requires_grad, device, layout, pin_memory, separately=True)


def _delivered(
    shape: tuple[int, ...],
    draw: Callable[..., np.ndarray],
    d: Any,
    out: Any,
    requires_grad: bool,
    device: Any,
    layout: Any,
    pin_memory: bool,
    *,
    separately: bool = False,
) -> Tensor:
    """What ``draw(shape)`` draws, as a tensor with what the keywords ask for. separately: see `drawn`."""
    if state.interpreter is None:
        result = finished(draw(shape), requires_grad, device, layout, pin_memory)
    else:
        finished(np.empty(0, d.np), requires_grad, device, layout, pin_memory)  # refuses what is to be refused
        result = drawn(shape, draw, separately=separately)
        if requires_grad:
            marked(result)
    return result if out is None else write_out(result, out, check=dtype_of_out, warns=False)


def rand_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.rand` with the shape of ``input``, and its dtype unless one is given."""
    stream, d = stream_of(generator), (dtype or input.dtype).np
    return _drawn_like(
        input, memory_format, dtype or input.dtype, lambda shape, contiguous: stream.uniform(shape, d), requires_grad,
        device, layout, pin_memory,
    )  # fmt: skip


def randn_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.randn` with the shape of ``input``, and its dtype unless one is given."""
    stream, d = stream_of(generator), (dtype or input.dtype).np
    return _drawn_like(
        input, memory_format, dtype or input.dtype,
        lambda shape, contiguous: stream.normal(shape, d, contiguous=contiguous), requires_grad, device, layout, pin_memory,
    )  # fmt: skip


def randint_like(
    input: Tensor,
    low: Any,
    high: Any = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """`torch.randint` with the shape of ``input``, and its dtype unless one is given."""
    low, high = (0, low) if high is None else (low, high)
    stream, d = stream_of(generator), (dtype or input.dtype).np
    return _drawn_like(
        input, memory_format, dtype or input.dtype,
        lambda shape, contiguous: stream.integers(int(low), int(high), shape, d), requires_grad, device, layout, pin_memory,
    )  # fmt: skip


def _drawn_like(
    input: Tensor,
    memory_format: Any,
    d: Any,
    draw: Callable[..., np.ndarray],
    requires_grad: bool,
    device: Any,
    layout: Any,
    pin_memory: bool,
) -> Tensor:
    """``draw(shape, contiguous)`` in the shape of ``input``, and where it is plain memory in its order."""
    target = laid_out_like(input, d.np, memory_format)
    contiguous = target.flags.c_contiguous
    of_shape = in_order_of(target, lambda shape: draw(shape, contiguous or shape != target.shape))
    return _delivered(target.shape, of_shape, d, None, requires_grad, device, layout, pin_memory)


# -- draws with parameters that are tensors: constant as far as derivatives go ------------------------------------


_ZERO = {"a": lambda g, a_shape: g.new_zeros(a_shape), "b": lambda g, b_shape: g.new_zeros(b_shape)}


def _parametrized(name: str, draw: Callable[..., np.ndarray], inputs: str) -> Primitive:
    """A draw whose parameters are tensors. A sample does not vary with them: its derivative is zero."""
    rules = tuple(_ZERO[each] for each in inputs.split())
    return Primitive(
        name, draw, inputs=inputs, vjp=rules, jvp=lambda result: result.new_zeros(result._data.shape), family="random"
    )


bernoulli_p = _parametrized("Bernoulli", lambda a, stream: stream.bernoulli(a, a.shape, a.dtype), "a")
normal_mean = _parametrized("NormalBackward1", lambda a, std, stream: stream.normal_like(a, std), "a")
normal_std = _parametrized("NormalBackward2", lambda a, mean, stream: stream.normal_like(mean, a), "a")
normal_both = _parametrized("NormalBackward3", lambda a, b, stream: stream.normal_like(a, b), "a b")
poisson_p = _parametrized("Poisson", lambda a, stream: stream.poisson(a), "a")
binomial_p = Primitive("Binomial", lambda a, b, stream: stream.binomial(a, b), inputs="a b", family="random")
multinomial_p = Primitive(
    "Multinomial",
    lambda a, num_samples, replacement, stream: stream.multinomial(a, num_samples, replacement),
    inputs="a",
    family="random",
)


def _drawn_in(d: dtypes.dtype, mean: Any, std: Any) -> tuple[Any, Any]:
    """Parameters from which numbers of dtype ``d`` are drawn. Deviations are real."""
    if isinstance(mean, Tensor):
        mean = mean.to(d)
    elif d.is_complex:
        mean = std.new_full((), mean, dtype=d)
    return mean, std.to(d.to_real()) if isinstance(std, Tensor) else std


_of_normal = OutCheck(
    "\"normal_kernel_cpu\" not implemented for '{Out}'",
    lambda result, out: out.category >= dtypes.FLOAT,
    NotImplementedError,
)


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Normal numbers: with tensors for ``mean`` or ``std`` (one draw for each element), or with numbers and ``size``.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.normal(torch.tensor([0.0, 10.0]), 2.0)
    tensor([3.0820, 9.4131])
    """
    stream = stream_of(generator)
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        if size is not None:
            raise TypeError("normal() takes a size only where mean and std are numbers")
        if isinstance(out, Tensor) and out.dtype.category >= dtypes.FLOAT:
            mean, std = _drawn_in(out.dtype, mean, std)
        if isinstance(mean, Tensor) and isinstance(std, Tensor):
            result = normal_both.bind(mean, std, stream=stream)
        elif isinstance(mean, Tensor):
            result = normal_mean.bind(mean, std=float(std), stream=stream)
        else:
            result = normal_std.bind(std, mean=float(mean), stream=stream)
        return result if out is None else write_out(result, out, "normal", check=_of_normal)
    if size is None:
        raise TypeError("normal() missing required argument 'size': it is needed where mean and std are numbers")
    d = dtype or (dtypes.get_default_dtype() if out is None else out.dtype)
    draw = lambda shape: stream.normal(shape, d.np, float(mean), float(std))
    return _delivered(shape_of((size,), "normal", position=3), draw, d, out, requires_grad, device, layout, pin_memory)


def bernoulli(input: Tensor, p: Any = None, *, generator: Generator | None = None, out: Any = None) -> Tensor:
    """Ones with the probabilities in ``input`` (or with probability ``p``), else zeros, in the dtype of ``input``.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.bernoulli(torch.tensor([0.0, 1.0, 0.5]))
    tensor([0., 1., 1.])
    """
    stream = stream_of(generator)
    if p is None:
        result = bernoulli_p.bind(input, stream=stream)
    else:
        result = drawn(input._data.shape, lambda shape: stream.bernoulli(float(p), shape, input._data.dtype))
    return result if out is None else write_out(result, out, "bernoulli", check=any_dtype, warns=False)


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """Indices drawn with the (unnormalised) probabilities in ``input``: a vector, or one row for each draw.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.multinomial(torch.tensor([0.0, 1.0, 3.0]), 2)
    tensor([2, 1])
    """
    return multinomial_p.bind(input, num_samples=num_samples, replacement=replacement, stream=stream_of(generator))


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Poisson numbers with the rates in ``input``."""
    return poisson_p.bind(input, stream=stream_of(generator))


def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``."""
    return binomial_p.bind(count, prob, stream=stream_of(generator))


# -- in place -----------------------------------------------------------------------------------------------------


def _drawn_over(name: str) -> Primitive:
    """What was drawn takes the place of ``x``: nothing flows back."""
    return Primitive(
        name,
        lambda x, drawn: drawn,
        vjp=lambda g: g.new_zeros(g._data.shape),
        jvp=lambda result: result.new_zeros(result._data.shape),
        family="random",
    )


def drawn_like(target: np.ndarray, draw: Callable[..., np.ndarray], *parameters: np.ndarray) -> np.ndarray:
    """What ``draw(*parameters, shape)`` gives for ``target``, drawn in the order in which PyTorch fills it.

    That is by stride; parameters have the shape of ``target``.
    """
    return in_order_of(target, draw)(*parameters, target.shape)


def in_order_of(target: Any, draw: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """``draw``, but what has the shape of ``target`` in the order of its memory.

    What stands for one example inside of vmap has no memory; all examples at once have another shape.
    """
    if isinstance(target, Shadow) or target.flags.c_contiguous:
        return draw
    from .._core.random.stream import iteration_order

    axes, own = iteration_order(target), target.shape
    back = np.argsort(axes)

    def ordered(*given: Any) -> np.ndarray:
        *parameters, shape = given
        if shape != own:
            return draw(*given)
        return draw(*[p.transpose(axes) for p in parameters], tuple([own[a] for a in axes])).transpose(back)

    return ordered


def fill_random(self: Tensor, primitive: Primitive, draw: Callable[..., np.ndarray], *parameters: np.ndarray) -> Tensor:
    """Fill this tensor with random numbers: see `drawn_like`."""
    check_writable(self)
    if state.interpreter is not None:
        state.interpreter.check_draw_over(self)
        # Of plain parameters, the same for all examples; those that differ between examples have no values to draw by.
        ordered = in_order_of(self._data, draw)
        everywhere = lambda shape: ordered(*[np.broadcast_to(p, shape) for p in parameters], shape)
        return self.copy_(drawn(self._data.shape, everywhere))
    numbers = drawn_like(self._data, draw, *parameters)
    if state.grad and self._requires_grad:
        return write(self, primitive.bind(before(self), drawn=numbers))
    return write(self, wrap(numbers))


def uniform_(
    self: Tensor, from_: float = 0.0, to: float = 1.0, *, generator: Generator | None = None, **bounds: float
) -> Tensor:
    """Fill with numbers uniform in [from, to)."""
    from_ = _from(from_, bounds, "uniform_")
    stream = stream_of(generator)
    return fill_random(self, _UNIFORM, lambda shape: stream.uniform(shape, self._data.dtype, float(from_), float(to)))


def _from(default: Any, keywords: dict[str, Any], name: str) -> Any:
    """PyTorch calls this parameter ``from``, which Python's grammar keeps out of a signature."""
    value = keywords.pop("from", default)
    if keywords:
        raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(keywords))}'")
    return value


def normal_(self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with normal numbers."""
    stream = stream_of(generator)
    contiguous = self._data.flags.c_contiguous
    return fill_random(
        self, _NORMAL, lambda shape: stream.normal(shape, self._data.dtype, float(mean), float(std), contiguous)
    )


def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with ones with probability ``p`` (a number, or a tensor of them), else zeros."""
    stream = stream_of(generator)
    if isinstance(p, Tensor):
        probabilities = np.broadcast_to(p._data, self._data.shape)
        return fill_random(
            self, _BERNOULLI_TENSOR, lambda p, shape: stream.bernoulli(p, shape, self._data.dtype), probabilities
        )
    return fill_random(self, _BERNOULLI, lambda shape: stream.bernoulli(float(p), shape, self._data.dtype))


_UNBOUNDED: Any = object()  # `random_(5, None)` has no upper bound, `random_(5)` is bounded by 5


def random_(
    self: Tensor, from_: int | None = None, to: Any = _UNBOUNDED, *, generator: Generator | None = None, **bounds: Any
) -> Tensor:
    """Fill with whole numbers in [from, to), in [0, to), or in all that the dtype holds."""
    low = _from(from_, bounds, "random_")
    if to is _UNBOUNDED:
        low, to = (None, None) if low is None else (0, low)
    elif low is None:
        low = 0
    stream = stream_of(generator)
    return fill_random(self, _RANDOM, lambda shape: stream.integers(low, to, shape, self._data.dtype))


def exponential_(self: Tensor, lambd: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with exponential numbers of rate ``lambd``."""
    stream = stream_of(generator)
    return fill_random(self, _EXPONENTIAL, lambda shape: stream.exponential(shape, self._data.dtype, float(lambd)))


def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with how many trials it takes until the first success, each with probability ``p``."""
    stream = stream_of(generator)
    return fill_random(self, _GEOMETRIC, lambda shape: stream.geometric(shape, self._data.dtype, float(p)))


def cauchy_(self: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with Cauchy numbers."""
    stream = stream_of(generator)
    return fill_random(self, _CAUCHY, lambda shape: stream.cauchy(shape, self._data.dtype, float(median), float(sigma)))


def log_normal_(self: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with exponentials of normal numbers."""
    stream = stream_of(generator)
    return fill_random(
        self, _LOG_NORMAL, lambda shape: stream.log_normal(shape, self._data.dtype, float(mean), float(std))
    )


_UNIFORM, _NORMAL, _BERNOULLI, _BERNOULLI_TENSOR, _RANDOM, _EXPONENTIAL, _GEOMETRIC, _CAUCHY, _LOG_NORMAL = map(
    _drawn_over,
    (
        "Uniform", "Normal", "BernoulliBackward2", "BernoulliBackward1", "RandomBackward2", "Exponential", "Geometric",
        "Cauchy", "LogNormal",
    ),
)  # fmt: skip


# -- the state of the default generator -------------------------------------------------------------------------------


def manual_seed(seed: Any) -> Generator:
    """Begin the default generator's stream of ``seed``: the same numbers as PyTorch's on the CPU.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(7)
    >>> torch.initial_seed()
    7
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Begin a stream that nobody can foresee; returns its seed."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that the default generator's stream began with."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The default generator's state as a tensor of bytes."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Put the default generator into a state that `get_rng_state` gave."""
    default_generator.set_state(new_state)


for _function in (
    rand, randn, randint, randperm, rand_like, randn_like, randint_like, normal, manual_seed, seed, initial_seed,
    get_rng_state, set_rng_state,
):  # fmt: skip
    register(_function, method=False, out=False)
register(bernoulli, out=False)
register(multinomial, out=OutCheck("multinomial expects Long tensor out, got: {Out}"))
register(poisson, method=False, out=False)
register(binomial, method=False, out=False)
METHODS.update(
    uniform_=uniform_, normal_=normal_, bernoulli_=bernoulli_, random_=random_, exponential_=exponential_,
    geometric_=geometric_, cauchy_=cauchy_, log_normal_=log_normal_,
)  # fmt: skip
