"""Which ways of computing attention are allowed."""

import pytest

import rushlight as torch
from rushlight.nn.attention import SDPBackend, sdpa_kernel

F = torch.nn.functional
NONE_LEFT = (
    "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both the math kernel "
    "and the fused kernels."
)


def attended(**options):
    torch.manual_seed(0)
    q = torch.rand(1, 2, 3, 4, requires_grad=True)
    return F.scaled_dot_product_attention(q, q, q, **options)


def test_the_way_shows_in_the_node_alone():
    with sdpa_kernel(SDPBackend.MATH):
        by_steps = attended()
    with sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.CUDNN_ATTENTION]):
        fused = attended()
    assert by_steps.grad_fn.name() == "UnsafeViewBackward0"
    assert fused.grad_fn.name() == "ScaledDotProductFlashAttentionForCpuBackward0"
    assert torch.equal(by_steps, fused)


@pytest.mark.parametrize("way", [SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION, SDPBackend.ERROR])
def test_ways_that_a_cpu_has_not(way):
    with sdpa_kernel(way), pytest.raises(RuntimeError) as error:
        attended()
    assert str(error.value) == NONE_LEFT
    attended()  # and what held before holds again


def test_what_cannot_be_fused_needs_the_steps():
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION), pytest.raises(RuntimeError, match="No viable backend"):
        attended(dropout_p=0.5)


def test_the_switches_of_the_backend():
    cuda = torch.backends.cuda
    assert cuda.math_sdp_enabled() and cuda.mem_efficient_sdp_enabled() and cuda.cudnn_sdp_enabled()
    with pytest.warns(FutureWarning, match="`torch.backends.cuda.sdp_kernel\\(\\)` is deprecated"):
        context = cuda.sdp_kernel(enable_math=False, enable_flash=False)
    with context, pytest.raises(RuntimeError, match="No viable backend"):
        attended()
    assert cuda.flash_sdp_enabled()
    cuda.enable_flash_sdp(False)
    try:
        assert not cuda.flash_sdp_enabled()
        assert attended().grad_fn.name() == "UnsafeViewBackward0"
    finally:
        cuda.enable_flash_sdp(True)


def test_names():
    assert [str(SDPBackend.MATH), repr(SDPBackend.MATH)] == ["SDPBackend.MATH", "<SDPBackend.MATH: 0>"]
    with pytest.raises(NotImplementedError, match="set_priority"):
        sdpa_kernel(SDPBackend.MATH, set_priority=True)
