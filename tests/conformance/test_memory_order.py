"""Results lie in memory as PyTorch's do, however their operands lie: the samples of PyTorch's database of operators."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch.testing._internal.opinfo.core import SampleInput

from .opdb.checks import Subject
from .opdb.entries import ENTRIES
from .opdb.forward import first_dtype
from .opdb.left_out import left_out
from .opdb.library import RUSHLIGHT, TORCH
from .opdb.samples import called, samples
from .translate import leaves

SAMPLES = 12

# What lies otherwise, by reason.
OTHERWISE = {
    "matrices by columns, as LAPACK leaves them": """
        cholesky cholesky_inverse cholesky_solve geqrf lu lu_solve ormqr qr svd svd_lowrank pca_lowrank triangular_solve
        linalg.cholesky linalg.cholesky_ex linalg.eig linalg.eigh linalg.householder_product linalg.ldl_factor
        linalg.ldl_factor_ex linalg.ldl_solve linalg.lstsq linalg.lstsq.grad_oriented linalg.matrix_power linalg.qr
        linalg.lu_factor linalg.lu_factor_ex linalg.inv linalg.inv_ex linalg.solve linalg.solve_ex linalg.svd
        linalg.tensorinv
    """,
    "the transformed dimensions innermost": """
        fft.fft fft.fft2 fft.fftn fft.hfft fft.hfft2 fft.hfftn fft.rfft fft.rfft2 fft.rfftn fft.ifft fft.ifft2 fft.ifftn
        fft.ihfft fft.ihfft2 fft.ihfftn fft.irfft fft.irfft2 fft.irfftn stft
    """,
    "operands in exchanged places": "__rand__ __ror__ __rxor__ __rmod__ __rpow__ __rsub__ rsub ldexp",
    "found by an index": "__getitem__ nonzero unique unique_consecutive unravel_index put",
    "channels last, or not, by which kernel PyTorch chose": """
        nn.functional.conv_transpose2d nn.functional.conv_transpose3d nn.functional.conv2d
        max_pool2d_with_indices_backward nn.functional.max_unpool2d nn.functional.max_unpool2d.grad
        nn.functional.pixel_unshuffle
    """,
    "views there, copies here, or the other way round": "unsafe_chunk unsafe_split rot90 resize_as_",
    "rare": "addr _softmax_backward_data hash_tensor _segment_reduce.lengths _segment_reduce.offsets",
}
KNOWN = {name for names in OTHERWISE.values() for name in names.split()}


def backwards(t: torch.Tensor) -> torch.Tensor:
    """The same tensor, the first dimension innermost."""
    order = tuple(range(t.ndim))[::-1]
    return t.permute(order).contiguous().permute(order)


def channels_last(t: torch.Tensor) -> torch.Tensor:
    formats = {4: torch.channels_last, 5: torch.channels_last_3d}
    return t.to(memory_format=formats[t.ndim]) if t.ndim in formats else t


def arrangements(sample: SampleInput) -> Iterator[SampleInput]:
    """The sample with its tensors in several orders."""

    def each(arrange: Callable[[torch.Tensor], torch.Tensor]) -> SampleInput:
        return sample.transform(lambda t: arrange(t) if isinstance(t, torch.Tensor) else t)

    yield sample
    yield each(backwards)
    yield each(channels_last)
    if isinstance(sample.input, torch.Tensor):
        first = each(lambda t: t)
        first.input = backwards(sample.input)
        yield first


def strides(result: Any) -> list[Any]:
    """Of each tensor; those of dimensions of size 1 mean nothing, and an empty tensor's neither."""
    return [
        0 in t.shape or tuple([s for n, s in zip(t.shape, t.stride()) if n > 1])
        for t in leaves(result)
        if hasattr(t, "stride")
    ]


def differences(name: str) -> Iterator[str]:
    subject = Subject(name, RUSHLIGHT)
    op = subject.entry.op
    dtype = torch.float32 if torch.float32 in subject.entry.dtypes else first_dtype(subject)
    for sample in samples(name, dtype, SAMPLES):
        for arranged in arrangements(sample):
            try:
                expected = strides(called(TORCH, op, arranged)[0])
            except (RuntimeError, TypeError, ValueError, IndexError):
                continue  # PyTorch refuses it so
            found = strides(called(RUSHLIGHT, subject.ours(op), arranged)[0])
            if found != expected:
                yield f"{arranged.summary()}: {found} instead of {expected}"


@pytest.mark.parametrize("name", [name for name in ENTRIES if left_out(name) is None])
def test_strides_are_the_same(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        different = list(differences(name))
    if name in KNOWN:
        assert different, f"{name} lies as PyTorch's now: take it from the list"
    else:
        assert not different, "\n".join(different)
