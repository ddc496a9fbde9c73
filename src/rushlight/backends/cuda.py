"""`torch.backends.cuda`: not there. What programs allow here has no effect: no product is made by a GPU."""

from types import SimpleNamespace

matmul = SimpleNamespace(
    allow_tf32=False,
    allow_fp16_reduced_precision_reduction=True,
    allow_bf16_reduced_precision_reduction=True,
    allow_fp16_accumulation=False,
)


def is_built() -> bool:
    """Always False.

    >>> import rushlight as torch
    >>> torch.backends.cuda.is_built()
    False
    """
    return False
