"""The base class of all layers and networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..._core.device import check_device
from ..._core.tensor import Tensor
from ..._ops.conversion import parse_to
from ..parameter import is_lazy
from ._calling import Calling, register_module_forward_hook, register_module_forward_pre_hook
from ._states import States
from ._tree import Tree

__all__ = ["Module", "register_module_forward_hook", "register_module_forward_pre_hook"]

_HOOKS = (
    "_backward_pre_hooks", "_backward_hooks", "_forward_hooks", "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
    "_state_dict_hooks", "_state_dict_pre_hooks", "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
)  # fmt: skip


class Module(Tree, Calling, States):
    """A function with parameters: subclass it, assign parameters and other modules in ``__init__`` (after
    ``super().__init__()``), and compute in ``forward``.

    >>> import rushlight as torch
    >>> class Net(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.scale = torch.nn.Parameter(torch.ones(1))
    ...     def forward(self, x):
    ...         return self.scale * x
    >>> Net()(torch.tensor([2.0]))
    tensor([2.], grad_fn=<MulBackward0>)
    """

    dump_patches = False
    call_super_init = False
    training: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not self.call_super_init:
            if kwargs:
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
                )
            if args:
                raise TypeError(
                    f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
                )
        inside = self.__dict__
        inside["training"] = True
        inside["_parameters"] = {}
        inside["_buffers"] = {}
        inside["_non_persistent_buffers_set"] = set()
        inside["_modules"] = {}
        for hooks in _HOOKS:
            inside[hooks] = OrderedDict()
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    # -- text -----------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the parentheses of the module's text; for subclasses to define."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): {_indented(repr(module))}" for name, module in self._modules.items()]
        if not children and len(lines) <= 1:
            return f"{self._get_name()}({extra})"
        body = "\n  ".join(lines + children)
        return f"{self._get_name()}(\n  {body}\n)"

    # -- modes
    # ------------------------------------------------------------------------------------------------

    def train(self, mode: bool = True) -> Any:
        """Switch this module and all inside it to training (dropout drops, batch norm takes statistics)."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Any:
        """Switch to evaluation: ``train(False)``."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Say for all parameters whether gradients are recorded; False freezes the module."""
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop all parameters' gradients; ``set_to_none=False`` fills them with zeros instead."""
        for p in self.parameters():
            g = p._grad
            if set_to_none:
                p._grad = None
            elif g is not None:
                if g.grad_fn is not None:
                    g.detach_()
                else:
                    g.requires_grad_(False)
                g.zero_()

    def apply(self, fn: Callable[[Any], Any]) -> Any:
        """Call ``fn`` on every module inside, innermost first, then on this one; returns this one.

        >>> from rushlight import nn
        >>> _ = nn.Sequential(nn.Tanh(), nn.ReLU()).apply(lambda module: print(type(module).__name__))
        Tanh
        ReLU
        Sequential
        """
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    # -- conversion
    # -------------------------------------------------------------------------------------------

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Any:
        """Replace the content of all parameters, their gradients and buffers by ``fn`` of it."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for p in self._parameters.values():
            if p is not None:
                for t in (p, p._grad) if p._grad is not None else (p,):
                    before = t.data
                    now = fn(before)
                    if now._data is not before._data:
                        t._data, t._counter = now._data, None
        for name, buffer in self._buffers.items():
            if is_lazy(buffer):
                buffer.data = fn(buffer.data)
            elif buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """Convert floating-point parameters and buffers in place: ``to(dtype)``, ``to(device)``,
        ``to(tensor)``.

        TypeError for a dtype that is not floating point or complex. The only device is the CPU.

        >>> import rushlight as torch
        >>> torch.nn.Linear(1, 1).to(torch.float64).weight.dtype
        torch.float64
        """
        dtype, _, memory_format = parse_to(args, kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
            )
        if memory_format is None:
            return self if dtype is None else self._convert(dtype)

        def convert(t: Any) -> Any:
            form = memory_format if t.dim() in (4, 5) else None
            return t.to(dtype if t.is_floating_point() or t.is_complex() else None, memory_format=form)

        return self._apply(convert)

    def _convert(self, dtype: Any) -> Any:
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() or t.is_complex() else t)

    def type(self, dst_type: Any) -> Any:
        """Convert all parameters and buffers, integer ones too, to ``dst_type``."""
        return self._apply(lambda t: t.type(dst_type))

    def float(self) -> Any:
        """Convert floating-point parameters and buffers to float32."""
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self) -> Any:
        """Convert floating-point parameters and buffers to float64."""
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def half(self) -> Any:
        """Convert floating-point parameters and buffers to float16."""
        return self._apply(lambda t: t.half() if t.is_floating_point() else t)

    def bfloat16(self) -> Any:
        """Convert floating-point parameters and buffers to bfloat16."""
        return self._apply(lambda t: t.bfloat16() if t.is_floating_point() else t)

    def cpu(self) -> Any:
        """This module: it is on the CPU."""
        return self

    def cuda(self, device: Any = None) -> Any:
        """All parameters and buffers on a GPU: there is none, see `Tensor.cuda`. A module that has none is unchanged."""
        return self._apply(lambda t: t.cuda(device))

    def to_empty(self, *, device: Any, recurse: bool = True) -> Any:
        """New, unspecified content for all parameters and buffers."""
        check_device("cpu" if device is None else device)
        return self._apply(lambda t: t.new_empty(t.shape), recurse)

    def share_memory(self) -> Any:
        """Not supported: raises NotImplementedError."""
        raise NotImplementedError("Module.share_memory: Rushlight's tensors are not shared between processes")

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Compile this module in place: its calls become what `torch.compile` makes of them. Takes its arguments.

        >>> import rushlight as torch
        >>> layer = torch.nn.Linear(2, 1)
        >>> layer.compile()
        >>> layer(torch.zeros(3, 2)).shape
        torch.Size([3, 1])
        """
        from ..._compile.api import compile

        self.__dict__["_compiled_call_impl"] = compile(self._call_impl, *args, **kwargs)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state.pop("_compiled_call_impl", None)  # a copy is not compiled
        return state


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
