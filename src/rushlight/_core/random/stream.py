"""PyTorch's CPU random streams: what each of its distributions takes from the engine, and makes of it.

A draw must not only look right, it must also leave the stream where PyTorch leaves it, or every number after
it differs. Each method therefore says how many 32-bit words it takes. Arrays in, arrays out: tensors come in
above.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..dtypes import c_type_name, from_numpy_dtype, scalar_type_name
from ..errors import raise_broadcast
from ..fused import fused_multiply_add
from ..selection import largest_indices
from . import rejection
from .box_muller import BLOCK, exactly, normals_from_uniforms
from .checks import (
    INT64_MAX,
    INT64_MIN,
    Float,
    check_can_count_to,
    check_multinomial,
    check_uniform_bounds,
    float_type,
    integer_bounds,
    integer_range,
    is_classic_number,
    narrowed,
    not_continuous,
    not_implemented,
    same_dtype,
)
from .mersenne import MersenneEngine
from .shuffle import shuffled

Shape = tuple[int, ...]

_BOOL, _INT64 = np.dtype(np.bool_), np.dtype(np.int64)
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_REAL_PART = {np.dtype(np.complex64): _FLOAT32, np.dtype(np.complex128): _FLOAT64}


class MersenneStream(MersenneEngine):
    """One stream of random numbers with the state of a PyTorch CPU generator.

    Every draw is made under a lock, so that threads share a stream safely. Shapes are tuples, dtypes are
    NumPy's; bfloat16 is that of ml_dtypes. The elements are drawn in C order: for what PyTorch does with a
    tensor of another layout, see `iteration_order`.

    >>> from rushlight._core.random.stream import MersenneStream
    >>> stream = MersenneStream(0)
    >>> stream.uniform((3,)).tolist()
    [0.49625658988952637, 0.7682217955589294, 0.08847743272781372]
    """

    # --- floating-point numbers -----------------------------------------------------------------------------

    def uniform(self, shape: Shape, dtype: DTypeLike = np.float32, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Numbers in [low, high), as `torch.rand` and `Tensor.uniform_` draw them.

        float16, bfloat16 and float32 take one word each, float64 two, a complex number what its two parts
        take. Raises RuntimeError for bounds that are out of order or of range, NotImplementedError for other
        dtypes.

        >>> MersenneStream(0).uniform((2,), np.float64, -1.0, 1.0)
        array([0.940106  , 0.41563973])
        """
        dtype = np.dtype(dtype)
        if dtype in _REAL_PART:
            return self._complex(self.uniform, shape, dtype, low, high)
        real = float_type(dtype)
        if real is None:
            raise not_implemented("check_uniform_bounds", dtype)
        standard = low == 0.0 and high == 1.0
        if not standard:
            check_uniform_bounds(dtype, real, low, high)
        n = math.prod(shape)
        with self._lock:
            numbers = self._doubles(n) if dtype == _FLOAT64 else self._singles(n)
        if not standard:
            span = float(np.float32(high) - np.float32(low)) if dtype != _FLOAT64 else high - low
            numbers = fused_multiply_add(numbers, span, low)
        if not standard or real.digits < 24:  # rounding may have reached the upper bound
            numbers = numbers.astype(dtype, copy=False)
            numbers[numbers == np.array(high, dtype)] = low
        return numbers.reshape(shape)

    def normal(
        self,
        shape: Shape,
        dtype: DTypeLike = np.float32,
        mean: float = 0.0,
        std: float = 1.0,
        contiguous: bool = True,
    ) -> np.ndarray:
        """Normal numbers, as `torch.randn` and `Tensor.normal_` draw them; complex ones have variance std**2.

        `contiguous` says whether the tensor to be filled is, for PyTorch chooses by it. Fewer than 16 real
        numbers, or not contiguous: pairs from four words, whatever the dtype; the second of an odd pair is
        kept for the next such draw. Otherwise one word each (two in float64), and 16 uniforms more where 16
        does not divide the size, for the last 16 numbers are drawn again (float16 and bfloat16 do not draw
        the incomplete block first).

        Raises RuntimeError for a negative `std`, NotImplementedError for dtypes that are not floating-point.

        >>> MersenneStream(0).normal((2,)).tolist()
        [1.5409960746765137, -0.293428897857666]
        """
        dtype = np.dtype(dtype)
        if not std >= 0.0:
            raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
        if dtype in _REAL_PART:
            return self._complex(self.normal, shape, dtype, mean, std / math.sqrt(2.0), contiguous)
        n = math.prod(shape)
        if n == 0:
            return np.empty(shape, dtype)
        if float_type(dtype) is None:
            raise not_implemented("normal_kernel_cpu", dtype)
        with self._lock:
            if contiguous and n >= BLOCK:
                numbers = self._normals_in_blocks(n, dtype)
            else:
                numbers = self._normals_in_pairs(n)
        if mean != 0.0 or std != 1.0:
            numbers = fused_multiply_add(numbers, std, mean)
        return narrowed(numbers, dtype).reshape(shape)

    def _normals_in_blocks(self, n: int, dtype: np.dtype) -> np.ndarray:
        draw = self._doubles if dtype == _FLOAT64 else self._singles
        rest = n % BLOCK
        if rest == 0:
            return normals_from_uniforms(draw(n))
        # Single and double are filled with uniforms to the end before the blocks are transformed.
        skipped = rest if dtype in (_FLOAT32, _FLOAT64) else 0
        uniforms = draw(n - rest + skipped + BLOCK)
        numbers = normals_from_uniforms(np.concatenate((uniforms[: n - rest], uniforms[-BLOCK:])))
        return np.concatenate((numbers[: n - BLOCK], numbers[-BLOCK:]))

    def normal_like(self, mean: np.ndarray | float, std: np.ndarray | float) -> np.ndarray:
        """Normal numbers with a mean, a deviation or both of their own, as `torch.normal` draws them.

        At least one of the two is an array; the result has the broadcast shape and the dtype of `mean`, or of
        `std` where `mean` is a number. What is drawn is standard normals of that shape (with a number for
        `std`: of that deviation), which are then multiplied and shifted in their dtype.

        >>> MersenneStream(0).normal_like(np.zeros(2, np.float32), 2.0).tolist()
        [3.0819921493530273, -0.586857795715332]
        """
        if not isinstance(std, np.ndarray):
            numbers = self.normal(np.shape(mean), np.asarray(mean).dtype, 0.0, std)
            return np.add(numbers, mean, out=numbers, casting="same_kind")
        if std.dtype.kind == "c":
            raise RuntimeError("normal expects standard deviation to be non-complex")
        if std.size and not std.min() >= 0:
            raise RuntimeError("normal expects all elements of std >= 0.0")
        dtype = mean.dtype if isinstance(mean, np.ndarray) else std.dtype
        try:
            shape = np.broadcast_shapes(np.shape(mean), std.shape)
        except ValueError as error:
            raise_broadcast([np.shape(mean), std.shape], error)
        numbers = self.normal(shape, dtype)
        np.multiply(numbers, std, out=numbers, casting="same_kind")
        return np.add(numbers, np.asarray(mean, dtype), out=numbers, casting="same_kind")

    def exponential(self, shape: Shape, dtype: DTypeLike = np.float32, rate: float = 1.0) -> np.ndarray:
        """Exponential numbers, as `Tensor.exponential_` draws them: two words each.

        Raises RuntimeError for a rate that is not positive or a dtype that is not a real floating-point one.

        >>> MersenneStream(0).exponential((2,)).tolist()
        [3.508326292037964, 1.2303847074508667]
        """
        dtype = np.dtype(dtype)
        if not rate > 0.0:
            raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
        if float_type(dtype) is None:
            raise not_continuous("Exponential", scalar_type_name(from_numpy_dtype(dtype)))
        return self._transformed(shape, dtype, lambda u, log: -1.0 / rate * log(-u), math.log1p, np.log1p)

    def cauchy(
        self, shape: Shape, dtype: DTypeLike = np.float32, median: float = 0.0, sigma: float = 1.0
    ) -> np.ndarray:
        """Cauchy numbers, as `Tensor.cauchy_` draws them: two words each. Raises as `exponential` does."""
        dtype = np.dtype(dtype)
        if not sigma > 0.0:
            raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
        if float_type(dtype) is None:
            raise not_continuous("Cauchy", c_type_name(from_numpy_dtype(dtype)))

        def quantile(u: np.ndarray, tan: Callable) -> np.ndarray:
            return fused_multiply_add(tan(math.pi * (u - 0.5)), sigma, median)

        return self._transformed(shape, dtype, quantile, math.tan, np.tan)

    def geometric(self, shape: Shape, dtype: DTypeLike, p: float) -> np.ndarray:
        """How many trials until the first success, as `Tensor.geometric_` draws it: two words each.

        Raises RuntimeError unless 0 < p < 1, NotImplementedError for bool, complex and wide unsigned dtypes.

        >>> MersenneStream(0).geometric((4,), np.int64, 0.2).tolist()
        [1, 2, 4, 1]
        """
        dtype = np.dtype(dtype)
        if not 0.0 < p < 1.0:
            raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
        if not is_classic_number(dtype):
            raise not_implemented("geometric_cpu", dtype)
        log_failure = math.log1p(-p)
        return self._transformed(shape, dtype, lambda u, log: np.ceil(log(u) / log_failure), _log, np.log)

    def log_normal(
        self, shape: Shape, dtype: DTypeLike = np.float32, mean: float = 1.0, std: float = 2.0
    ) -> np.ndarray:
        """Exponentials of normal numbers, as `Tensor.log_normal_` draws them: in pairs from four words.

        Raises RuntimeError for a `std` that is not positive, NotImplementedError for other than real floats.

        >>> MersenneStream(0).log_normal((2,), mean=0.0, std=1.0).tolist()
        [4.669239044189453, 0.7457022070884705]
        """
        dtype = np.dtype(dtype)
        if not std > 0.0:
            raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std:g}")
        n = math.prod(shape)
        if n and float_type(dtype) is None:
            raise not_implemented("log_normal_cpu", dtype)
        with self._lock:
            numbers = fused_multiply_add(self._normals_in_pairs(n), std, mean)
        return narrowed(exactly(_exp, numbers), dtype).reshape(shape)

    def _complex(self, draw: Callable, shape: Shape, dtype: np.dtype, *parameters: Any) -> np.ndarray:
        """Real and imaginary parts in turn."""
        return draw((*shape, 2), _REAL_PART[dtype], *parameters).view(dtype).reshape(shape)

    def _transformed(
        self, shape: Shape, dtype: np.dtype, quantile: Callable, exact: Callable, fast: Callable
    ) -> np.ndarray:
        """`quantile(u, function)` of uniform doubles; only float64 shows a fast function's last bit."""
        with self._lock:
            uniforms = self._doubles(math.prod(shape))
        function = partial(exactly, exact) if dtype == _FLOAT64 else fast
        with np.errstate(all="ignore"):
            return narrowed(quantile(uniforms, function), dtype).reshape(shape)

    # --- integers -------------------------------------------------------------------------------------------

    def integers(self, low: int | None, high: int | None, shape: Shape, dtype: DTypeLike = np.int64) -> np.ndarray:
        """Whole numbers in [low, high), as `torch.randint` and `Tensor.random_` draw them, in any real dtype.

        `high=None` goes up to the largest number of the dtype (for floats, to 2**digits), and with
        `low=None` too (`random_()`) from 0 to there. A range below 2**28 takes one word each, a larger one
        two; without bounds int64 and float64 take two and the others one. `low=-2**63, high=None` gives all
        64 bits.

        Raises RuntimeError for an empty range or one that the dtype cannot hold; warns where a float dtype
        cannot hold every whole number of it.

        >>> MersenneStream(0).integers(0, 10, (5,)).tolist()
        [4, 9, 3, 0, 3]
        """
        dtype = np.dtype(dtype)
        n = math.prod(shape)
        real = float_type(dtype)
        if low is None:
            if high is not None:
                raise ValueError("an upper bound needs a lower one")
            return self._unbounded_integers(n, dtype, real).reshape(shape)
        if not (INT64_MIN <= low <= INT64_MAX and (high is None or INT64_MIN <= high <= INT64_MAX)):
            raise ValueError("Overflow when unpacking long long")
        if high is None and low == INT64_MIN:
            return self._full_range_integers(n, dtype).reshape(shape)
        low, last = integer_range(low, high, dtype, real)
        if n == 0:
            return np.empty(shape, dtype)
        span = last - low + 1
        with self._lock:
            if span < 2**28:
                numbers = (self._words(n) % np.uint32(span)).astype(np.int64)
            else:
                numbers = (self._double_words(n) % np.uint64(span)).view(np.int64)
        if low:
            numbers += np.int64(low)  # wraps, as in C
        return narrowed(numbers, dtype).reshape(shape)

    def _unbounded_integers(self, n: int, dtype: np.dtype, real: Float | None) -> np.ndarray:
        if n and not (is_classic_number(dtype) or dtype == _BOOL):
            raise not_implemented("random_kernel_cpu", dtype)
        count = 2**real.digits + 1 if real else integer_bounds(dtype)[1] + 1
        with self._lock:
            drawn = self._double_words(n) if dtype in (_INT64, _FLOAT64) else self._words(n).astype(np.uint64)
        return narrowed((drawn % np.uint64(count)).view(np.int64), dtype)

    def _full_range_integers(self, n: int, dtype: np.dtype) -> np.ndarray:
        if n and dtype != _INT64 and dtype.name not in ("float64", "float32", "bfloat16"):
            if not is_classic_number(dtype) or dtype.kind == "f":
                raise not_implemented("random_full_64_bits_range_kernel_cpu", dtype)
            raise RuntimeError("random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16")
        with self._lock:
            return narrowed(self._double_words(n).view(np.int64), dtype)

    def permutation(self, n: int, dtype: DTypeLike = np.int64) -> np.ndarray:
        """The numbers 0 to n - 1 in random order, as `torch.randperm` draws it: n - 1 words (none for n < 2).

        Raises RuntimeError where `dtype` cannot hold n, NotImplementedError for bool, complex and wide
        unsigned dtypes, and from n = (2**32 - 1) // 20 on, where PyTorch changes to another algorithm.

        >>> MersenneStream(0).permutation(5).tolist()
        [4, 0, 1, 3, 2]
        """
        dtype = np.dtype(dtype)
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
        check_can_count_to(n, dtype)
        if not is_classic_number(dtype):
            raise not_implemented("randperm", dtype)
        if n >= (2**32 - 1) // 20:
            raise NotImplementedError(f"randperm of {n} elements: PyTorch draws such long ones differently")
        steps = np.arange(max(n - 1, 0))
        with self._lock:
            partners = steps + self._words(len(steps)) % (n - steps)
        return shuffled(n, partners).astype(dtype)

    # --- discrete distributions -----------------------------------------------------------------------------

    def bernoulli(self, p: np.ndarray | float, shape: Shape, dtype: DTypeLike = np.float32) -> np.ndarray:
        """Ones with probability `p`, else zeros, as `torch.bernoulli`, `bernoulli_` and dropout draw them.

        `p` is a number or a floating-point array that broadcasts to `shape`. An array of float32 or less
        takes one word for each element; one of float64, and a number, takes two. So `bernoulli_(0.5)` and
        `bernoulli_(tensor(0.5))` differ. Dropout draws with the *number* 1 - p.

        Raises RuntimeError for a probability outside [0, 1], NotImplementedError for integral probabilities.

        >>> MersenneStream(0).bernoulli(0.5, (5,)).tolist()
        [0.0, 0.0, 1.0, 0.0, 0.0]
        """
        dtype = np.dtype(dtype)
        n = math.prod(shape)
        known = n == 0 or is_classic_number(dtype) or dtype == _BOOL
        if not isinstance(p, np.ndarray):
            if not 0.0 <= p <= 1.0:
                raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
            if not known:
                raise not_implemented("bernoulli_scalar_cpu_", dtype)
            with self._lock:
                ones = self._doubles(n) < p
            return ones.astype(dtype).reshape(shape)
        if not known:
            raise not_implemented("bernoulli_tensor_cpu_self_", dtype)
        if n and float_type(p.dtype) is None:
            raise not_implemented("bernoulli_tensor_cpu_p_", p.dtype)
        p = np.broadcast_to(p, shape)
        if n and not (p.min() >= 0 and p.max() <= 1):
            raise RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be "
                "improved?  If so, please report an enhancement request to PyTorch.)"
            )
        with self._lock:
            uniforms = self._doubles(n) if p.dtype == _FLOAT64 else self._singles(n)
        return (uniforms.reshape(shape) < p.astype(uniforms.dtype, copy=False)).astype(dtype)

    def multinomial(self, probabilities: np.ndarray, num_samples: int, replacement: bool = False) -> np.ndarray:
        """Indices (int64) by unnormalised `probabilities`, 1-d or one row each, as `torch.multinomial` draws.

        More than one sample with replacement: two words for each, row by row. Otherwise an exponential (two
        words) for each *probability*: the samples are where the ratio of the two is largest, so their order
        is random too. With more samples than positive probabilities some of probability 0 are among them.
        Raises PyTorch's RuntimeErrors.

        >>> MersenneStream(0).multinomial(np.array([0.0, 1.0, 3.0]), 2).tolist()
        [2, 1]
        """
        check_multinomial(probabilities, num_samples, replacement)
        rows = probabilities.reshape(-1, probabilities.shape[-1])
        if not rows.size:
            return np.empty((0, num_samples), np.int64)
        if replacement and num_samples > 1:
            indices = self._with_replacement(rows, num_samples)
        else:
            # PyTorch draws the exponentials into a tensor laid out as the probabilities are.
            axes = iteration_order(probabilities)
            drawn = self.exponential(probabilities.transpose(axes).shape, rows.dtype)
            with np.errstate(all="ignore"):
                ratios = rows / drawn.transpose(np.argsort(axes)).reshape(rows.shape)
            if num_samples == 1:
                indices = ratios.argmax(axis=-1)
            else:
                indices = np.stack([largest_indices(row, num_samples) for row in ratios.astype(np.float64)])
        return indices.astype(np.int64).reshape(*probabilities.shape[:-1], num_samples)

    def _with_replacement(self, rows: np.ndarray, num_samples: int) -> np.ndarray:
        distribution = rows.astype(_FLOAT64 if rows.dtype == _FLOAT64 else _FLOAT32)
        np.cumsum(distribution, axis=-1, out=distribution)
        distribution = np.divide(distribution, distribution[:, -1:])
        distribution[:, -1] = 1.0
        with self._lock:
            uniforms = self._doubles(len(rows) * num_samples).reshape(len(rows), num_samples)
        return np.stack([row.searchsorted(u) for row, u in zip(distribution.astype(np.float64), uniforms)])

    def poisson(self, rates: np.ndarray) -> np.ndarray:
        """Poisson numbers in the dtype of `rates`, as `torch.poisson` draws them: two words a uniform.

        Raises RuntimeError for a negative or NaN rate, NotImplementedError for other than real
        floating-point.

        >>> MersenneStream(0).poisson(np.array([1.0, 5.0, 40.0])).tolist()
        [2.0, 6.0, 39.0]
        """
        if rates.size and float_type(rates.dtype) is None:
            raise not_implemented("poisson_cpu", rates.dtype)
        if not (rates >= 0).all():
            raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
        with self._lock:
            uniform = self._doubles_one_by_one().__next__
            numbers = [rejection.poisson(rate, uniform) for rate in rates.astype(np.float64).ravel().tolist()]
        return narrowed(np.array(numbers, np.float64), rates.dtype).reshape(rates.shape)

    def binomial(self, count: np.ndarray, probability: np.ndarray) -> np.ndarray:
        """Binomial numbers, as `torch.binomial` draws them, in the common dtype (float32 or float64)."""
        dtype = same_dtype("binomial_cpu", count, probability)
        count, probability = np.broadcast_arrays(count, probability)
        with self._lock:
            draw = partial(rejection.binomial, uniform=self._doubles_one_by_one().__next__, single=dtype == _FLOAT32)
            numbers = [draw(c, p) for c, p in zip(count.ravel().tolist(), probability.ravel().tolist())]
        return np.array(numbers, dtype).reshape(count.shape)

    def standard_gamma(self, alpha: np.ndarray) -> np.ndarray:
        """Gamma numbers of unit rate, as `torch._standard_gamma` draws them; `alpha` is float32 or float64.

        Each takes normals in pairs and uniforms of two words. None is smaller than the dtype's smallest
        normal number.
        """
        dtype = same_dtype("gamma_cpu", alpha)
        return np.maximum(self._gammas(alpha, dtype == _FLOAT32).astype(dtype), np.finfo(dtype).tiny)

    def dirichlet(self, alpha: np.ndarray) -> np.ndarray:
        """Points of the simplex along the last dimension, as `torch._sample_dirichlet` draws them.

        `alpha` is float32 or float64; the gammas that are divided by their sum are drawn in float64. Past
        eight of them that sum may round otherwise than PyTorch's: float64 shows it in the last bit.
        """
        dtype = same_dtype("dirichlet", alpha)
        gammas = np.maximum(self._gammas(alpha, False), np.finfo(np.float64).tiny)
        totals = gammas.sum(axis=-1, keepdims=True) if gammas.ndim else gammas
        shares = (gammas / totals).astype(dtype)
        return np.clip(shares, np.finfo(dtype).tiny, np.nextafter(dtype.type(1), dtype.type(0)))

    def _gammas(self, alpha: np.ndarray, single: bool) -> np.ndarray:
        with self._lock:
            uniforms = self._doubles_one_by_one()
            draw = partial(
                rejection.gamma,
                uniform=uniforms.__next__,
                normal=self._normals_one_by_one(uniforms).__next__,
                single=single,
            )
            return np.array([draw(a) for a in alpha.ravel().tolist()], np.float64).reshape(alpha.shape)


def iteration_order(array: np.ndarray) -> tuple[int, ...]:
    """The axes of `array` in the order in which PyTorch fills them: by stride, the smallest innermost.

    A draw into a tensor that is not contiguous is a draw of the transposed shape into the transposed array.

    >>> column_major = np.zeros((2, 3), order="F")
    >>> axes = iteration_order(column_major)
    >>> axes
    (1, 0)
    >>> target = column_major.transpose(axes)
    >>> target[...] = MersenneStream(0).uniform(target.shape)
    """
    # PyTorch's insertion sort, innermost axis first: beside a stride of 0 (an expanded axis) it leaves any
    # order, so no sort by a key will do.
    order = list(range(array.ndim))[::-1]
    for last in range(1, array.ndim):
        moving = last
        for place in range(last - 1, -1, -1):
            inner, outer = order[place], order[moving]
            strides = array.strides[inner], array.strides[outer]
            if 0 in strides:
                continue
            if (strides[0], array.shape[inner]) > (strides[1], array.shape[outer]):
                order[place], order[moving] = outer, inner
                moving = place
            elif strides[0] < strides[1]:
                break
    return tuple(reversed(order))


def _log(x: float) -> float:
    return math.log(x) if x else -math.inf  # as C has it, where Python raises


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:  # C goes on with infinity
        return math.inf
