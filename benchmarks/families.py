"""One typical case of each family of operations, forward and backward: what networks, and what is around them, call.

Sizes are those of small programs on a CPU. All are float32 unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .registry import Step, workload
from .workloads import data

GROUP = "family_"  # what their names begin with


def family(name: str, title: str, *shapes: tuple[int, ...], grad: bool = True) -> Callable[[Any], Any]:
    """Decorator of ``function(torch, *tensors)``, which a step calls with tensors of these shapes, and differentiates."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        @workload(GROUP + name, title)
        def make(torch: Any, dtype: str = "float32") -> Step:
            torch.manual_seed(0)
            tensors = [torch.tensor(data(*s, seed=i, dtype=dtype)) for i, s in enumerate(shapes)]
            if grad:
                for t in tensors:
                    t.requires_grad_()

            def step() -> Any:
                out = function(torch, *tensors)
                if not grad:
                    return out
                out = out if out.ndim == 0 else out.square().sum()
                return [out.detach(), *torch.autograd.grad(out, tensors)]

            return step

        return function

    return add


# -- convolution and pooling --------------------------------------------------------------------------------------------


@family("conv1d", "conv1d: 16 x 32 x 256, 32 filters of 5", (16, 32, 256), (32, 32, 5), (32,))
def conv1d(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.conv1d(x, w, b, padding=2)


@family("conv2d", "conv2d: 16 x 16 x 28 x 28, 32 filters of 3 x 3", (16, 16, 28, 28), (32, 16, 3, 3), (32,))
def conv2d(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.conv2d(x, w, b, padding=1)


@family("conv2d_depthwise", "the same with a filter for each channel", (16, 32, 28, 28), (32, 1, 3, 3), (32,))
def conv2d_depthwise(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.conv2d(x, w, b, padding=1, groups=32)


@family("conv3d", "conv3d: 2 x 8 x 12 x 12 x 12, 8 filters of 3 x 3 x 3", (2, 8, 12, 12, 12), (8, 8, 3, 3, 3), (8,))
def conv3d(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.conv3d(x, w, b, padding=1)


@family("conv_transpose2d", "conv_transpose2d: 8 x 16 x 14 x 14, stride 2", (8, 16, 14, 14), (16, 8, 4, 4))
def conv_transpose2d(torch: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.conv_transpose2d(x, w, stride=2, padding=1)


@family("max_pool2d", "max_pool2d: 16 x 32 x 28 x 28, 2 x 2", (16, 32, 28, 28))
def max_pool2d(torch: Any, x: Any) -> Any:
    return torch.nn.functional.max_pool2d(x, 2)


@family("avg_pool2d", "avg_pool2d: the same, 3 x 3 with stride 2", (16, 32, 28, 28))
def avg_pool2d(torch: Any, x: Any) -> Any:
    return torch.nn.functional.avg_pool2d(x, 3, 2)


@family("adaptive_avg_pool2d", "adaptive_avg_pool2d: the same, to 5 x 5", (16, 32, 28, 28))
def adaptive_avg_pool2d(torch: Any, x: Any) -> Any:
    return torch.nn.functional.adaptive_avg_pool2d(x, 5)


@family("unfold", "unfold and fold: 8 x 16 x 28 x 28, windows of 3 x 3", (8, 16, 28, 28))
def unfold(torch: Any, x: Any) -> Any:
    windows = torch.nn.functional.unfold(x, 3, padding=1)
    return torch.nn.functional.fold(windows, (28, 28), 3, padding=1)


@family("interpolate", "interpolate: 8 x 3 x 64 x 64 to twice the size, bilinear", (8, 3, 64, 64))
def interpolate(torch: Any, x: Any) -> Any:
    return torch.nn.functional.interpolate(x, scale_factor=2, mode="bilinear")


@family("grid_sample", "grid_sample: 4 x 3 x 64 x 64, bilinear", (4, 3, 64, 64), (4, 64, 64, 2))
def grid_sample(torch: Any, x: Any, grid: Any) -> Any:
    return torch.nn.functional.grid_sample(x, grid.tanh(), align_corners=False)


# -- layers -------------------------------------------------------------------------------------------------------------


@family("linear", "linear: 256 x 256 to 256", (256, 256), (256, 256), (256,))
def linear(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.linear(x, w, b)


@family("embedding", "embedding: 4096 rows of 64, out of 1000", (1000, 64))
def embedding(torch: Any, w: Any) -> Any:
    return torch.nn.functional.embedding(torch.arange(4096) * 7 % 1000, w)


@family("embedding_bag", "embedding_bag: 256 bags of 16 rows of 64, mean", (1000, 64))
def embedding_bag(torch: Any, w: Any) -> Any:
    return torch.nn.functional.embedding_bag((torch.arange(4096) * 7 % 1000).reshape(256, 16), w)


@family("batch_norm", "batch_norm: 16 x 32 x 28 x 28", (16, 32, 28, 28), (32,), (32,))
def batch_norm(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.batch_norm(x, None, None, w, b, training=True)


@family("layer_norm", "layer_norm: 512 x 256", (512, 256), (256,), (256,))
def layer_norm(torch: Any, x: Any, w: Any, b: Any) -> Any:
    return torch.nn.functional.layer_norm(x, (256,), w, b)


@family("softmax", "softmax: 512 x 256", (512, 256))
def softmax(torch: Any, x: Any) -> Any:
    return torch.softmax(x, 1)


@family("gelu", "gelu: 512 x 512", (512, 512))
def gelu(torch: Any, x: Any) -> Any:
    return torch.nn.functional.gelu(x)


@family("attention", "scaled_dot_product_attention: 8 x 4 heads x 64 x 32", *[(8, 4, 64, 32)] * 3)
def attention(torch: Any, q: Any, k: Any, v: Any) -> Any:
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


@family(
    "multi_head_attention", "multi_head_attention_forward: 64 x 8 x 128, 4 heads", (64, 8, 128), (384, 128), (128, 128)
)
def multi_head_attention(torch: Any, x: Any, w: Any, out: Any) -> Any:
    return torch.nn.functional.multi_head_attention_forward(
        x, x, x, 128, 4, w, None, None, None, False, 0.0, out, None, need_weights=False
    )[0]


# -- losses -------------------------------------------------------------------------------------------------------------


@family("cross_entropy", "cross_entropy: 512 x 100", (512, 100))
def cross_entropy(torch: Any, x: Any) -> Any:
    return torch.nn.functional.cross_entropy(x, torch.arange(512) % 100)


@family("smooth_l1", "smooth_l1_loss: 512 x 100", (512, 100), (512, 100))
def smooth_l1(torch: Any, x: Any, y: Any) -> Any:
    return torch.nn.functional.smooth_l1_loss(x, y)


@family("ctc", "ctc_loss: 50 steps, 16 examples, 20 symbols", (50, 16, 20))
def ctc(torch: Any, x: Any) -> Any:
    targets = torch.arange(160).reshape(16, 10) % 19 + 1
    lengths = torch.full((16,), 50), torch.full((16,), 10)
    return torch.nn.functional.ctc_loss(x.log_softmax(2), targets, *lengths)


# -- numbers ------------------------------------------------------------------------------------------------------------


@family("sort", "sort: 256 x 512", (256, 512))
def sort(torch: Any, x: Any) -> Any:
    return x.sort(1).values


@family("cumsum", "cumsum: 256 x 512", (256, 512))
def cumsum(torch: Any, x: Any) -> Any:
    return x.cumsum(1)


@family("gather", "gather and scatter_add: 256 x 512", (256, 512))
def gather(torch: Any, x: Any) -> Any:
    return x.gather(1, (torch.arange(256 * 512) * 7 % 512).reshape(256, 512))


@family("pdist", "cdist: 128 points of 8 dimensions with each other", (128, 8), (128, 8))
def cdist(torch: Any, x: Any, y: Any) -> Any:
    return torch.cdist(x, y)


@family("special", "lgamma, digamma and erfinv of 65 536 numbers", (65_536,))
def special(torch: Any, x: Any) -> Any:
    y = x.sigmoid()
    return torch.lgamma(y) + torch.digamma(y) + torch.erfinv(y)


@family("fft", "fft: rfft and irfft of 64 x 1024", (64, 1024))
def fft(torch: Any, x: Any) -> Any:
    return torch.fft.irfft(torch.fft.rfft(x) * 0.5)


@family("einsum", "einsum: bij,bjk->ik of 8 x 64 x 64", (8, 64, 64), (8, 64, 64))
def einsum(torch: Any, x: Any, y: Any) -> Any:
    return torch.einsum("bij,bjk->ik", x, y)


# -- linear algebra -----------------------------------------------------------------------------------------------------


def definite(torch: Any, x: Any) -> Any:
    return x @ x.mT / x.shape[-1] + torch.eye(x.shape[-1], dtype=x.dtype)


@family("solve", "linalg.solve: 100 x 100", (100, 100), (100, 10))
def solve(torch: Any, x: Any, y: Any) -> Any:
    return torch.linalg.solve(definite(torch, x), y)


@family("solve_batched", "linalg.solve: 256 of 4 x 4", (256, 4, 4), (256, 4, 1))
def solve_batched(torch: Any, x: Any, y: Any) -> Any:
    return torch.linalg.solve(definite(torch, x), y)


@family("cholesky", "linalg.cholesky: 100 x 100", (100, 100))
def cholesky(torch: Any, x: Any) -> Any:
    return torch.linalg.cholesky(definite(torch, x))


@family("solve_triangular", "linalg.solve_triangular: 100 x 100", (100, 100), (100, 10))
def solve_triangular(torch: Any, x: Any, y: Any) -> Any:
    return torch.linalg.solve_triangular(definite(torch, x).tril(), y, upper=False)


@family("lu", "linalg.lu_factor: 64 of 16 x 16", (64, 16, 16))
def lu(torch: Any, x: Any) -> Any:
    return torch.linalg.lu_factor(definite(torch, x)).LU


@family("qr", "linalg.qr: 100 x 50", (100, 50))
def qr(torch: Any, x: Any) -> Any:
    return torch.linalg.qr(x).R.abs()


@family("eigvalsh", "linalg.eigvalsh: 100 x 100", (100, 100))
def eigvalsh(torch: Any, x: Any) -> Any:
    return torch.linalg.eigvalsh(definite(torch, x))


@family("svdvals", "linalg.svdvals: 100 x 50", (100, 50))
def svdvals(torch: Any, x: Any) -> Any:
    return torch.linalg.svdvals(x)


# -- random numbers -----------------------------------------------------------------------------------------------------


@family("random", "rand, randn and dropout of 100 000 numbers", (100_000,), grad=False)
def random(torch: Any, x: Any) -> Any:
    torch.manual_seed(0)
    return [torch.rand(100_000), torch.randn(100_000), torch.nn.functional.dropout(x)]
