"""Devices: there is one, the CPU."""

from __future__ import annotations

from typing import Any


class device:
    """Where a tensor lives: always ``cpu`` here; any other device is refused when a tensor is asked for on it.

    >>> import rushlight as torch
    >>> torch.device("cpu")
    device(type='cpu')
    >>> torch.zeros(2, device="cuda")
    Traceback (most recent call last):
    ...
    AssertionError: Torch not compiled with CUDA enabled
    Rushlight has no device 'cuda': it computes on the CPU. Leave `device` out, or pass "cpu".
    """

    __slots__ = ("index", "type")
    __module__ = "torch"
    # In the order in which PyTorch's error lists them.
    _types = (
        "cpu cuda ipu xpu mkldnn opengl opencl ideep hip ve fpga maia xla lazy vulkan mps meta hpu mtia privateuseone"
    ).split()

    def __init__(self, type: Any, index: int | None = None):
        if isinstance(type, device):
            type, index = type.type, type.index
        if isinstance(type, int):
            if type < 0:
                raise RuntimeError("Device index must not be negative")
            raise RuntimeError(f"Cannot access accelerator device when none is available.\n{_only_the_cpu(type)}")
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' must be str, not {type.__class__.__name__}")
        if ":" in type:
            if index is not None:
                raise RuntimeError(
                    f"type (string) must not include an index because index was passed explicitly: {type}"
                )
            type, _, number = type.partition(":")
            if not number.isdigit():
                raise RuntimeError(f"Invalid device string: '{type}:{number}'")
            index = int(number)
        if type not in self._types:
            raise RuntimeError(
                f"Expected one of {', '.join(self._types)} device type at start of device string: {type}"
            )
        if index is not None and index < 0:
            raise RuntimeError("Device index must not be negative")
        self.type = type
        self.index = index

    # As a context it is where tensors are made, which they are anyway.
    def __enter__(self) -> device:
        check_device(self)
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (")" if self.index is None else f", index={self.index})")

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> Any:
        return (_of_name, (str(self),))  # by a function: `torch.device` may not be found under that name


def _of_name(name: str) -> device:
    return device(name)


CPU = device("cpu")


def check_device(d: Any) -> None:
    """Refuse every device but the CPU."""
    d = d if isinstance(d, device) else device(d)
    if d.type == "cuda":
        raise AssertionError(f"Torch not compiled with CUDA enabled\n{_only_the_cpu(d)}")
    if d.type != "cpu":
        raise NotImplementedError(_only_the_cpu(d))


def _only_the_cpu(d: Any) -> str:
    return f"Rushlight has no device '{d}': it computes on the CPU. Leave `device` out, or pass \"cpu\"."
