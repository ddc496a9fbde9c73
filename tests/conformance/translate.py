"""PyTorch's tensors and dtypes as Rushlight's, through containers."""

import numpy as np
import torch

import rushlight


def translated(value):
    """``value`` with every tensor, dtype and function of PyTorch's replaced by Rushlight's."""
    if isinstance(value, torch.Tensor):
        t = value.detach()
        out = (
            rushlight.tensor(t.float().numpy()).to(rushlight.bfloat16)
            if t.dtype is torch.bfloat16
            else rushlight.tensor(t.numpy().copy())
        )
        return out.requires_grad_(value.requires_grad)
    if isinstance(value, torch.dtype):
        return getattr(rushlight, str(value).removeprefix("torch."))
    if isinstance(value, dict):
        return {k: translated(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        return type(value)(translated(v) for v in value)
    if isinstance(value, torch.Size):
        return tuple(value)
    if callable(value) and value is getattr(torch.nn.functional, getattr(value, "__name__", ""), None):
        return getattr(rushlight.nn.functional, value.__name__)
    return value


def fresh(value):
    """``value`` with every tensor copied, as a leaf."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {k: fresh(v) for k, v in value.items()}
    return type(value)(fresh(v) for v in value) if isinstance(value, (list, tuple)) else value


def leaves(value):
    """The tensors in a result, in order."""
    if isinstance(value, (list, tuple)):
        return [t for part in value for t in leaves(part)]
    if isinstance(value, dict):
        return [t for part in value.values() for t in leaves(part)]
    return [] if value is None else [value]


def assert_close(ours, theirs, what="", rtol=1e-6, atol=1e-7):
    """Same shape, dtype and values."""
    assert list(ours.shape) == list(theirs.shape), what
    assert str(ours.dtype) == str(theirs.dtype), what
    a, b = ours.detach().double().numpy(), theirs.detach().double().numpy()
    largest = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    np.testing.assert_allclose(a, b, rtol=rtol, atol=atol * (1 + largest), err_msg=what)
