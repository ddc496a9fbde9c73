"""What happens when a module is called: hooks around ``forward``, and errors that say which layer they are from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..._core.graph import RemovableHandle
from ..._core.tensor import Tensor
from ..._core.where import warn_user

Hook = Callable[..., Any]

# Hooks on the calls of all modules: see `register_module_forward_hook`.
everywhere_before: OrderedDict[int, Hook] = OrderedDict()
everywhere_after: OrderedDict[int, Hook] = OrderedDict()
_always_everywhere: set[int] = set()
_with_kwargs_everywhere: set[int] = set()


class Calling:
    """``module(...)``: straight to ``forward`` where no hooks are registered."""

    _forward_hooks: OrderedDict[int, Hook]
    _forward_pre_hooks: OrderedDict[int, Hook]
    _backward_hooks: OrderedDict[int, Hook]
    _backward_pre_hooks: OrderedDict[int, Hook]
    _forward_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks_always_called: OrderedDict[int, bool]
    _forward_pre_hooks_with_kwargs: OrderedDict[int, bool]

    if TYPE_CHECKING:
        forward: Callable[..., Any]  # every module has its own arguments, and none of them overrides wrongly
    else:

        def forward(self, *input: Any) -> Any:
            """The module's computation; every module defines its own."""
            raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    _compiled_call_impl: Callable[..., Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._compiled_call_impl is not None:
            return self._compiled_call_impl(*args, **kwargs)
        try:
            if self._forward_hooks or self._forward_pre_hooks or everywhere_before or everywhere_after:
                return _call_with_hooks(self, args, kwargs)
            if self._backward_hooks or self._backward_pre_hooks:
                return _call_with_hooks(self, args, kwargs)
            return self.forward(*args, **kwargs)
        except Exception as error:
            say_where(error, self, args)
            raise

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        """A call as it is where nothing is compiled."""
        return _call_with_hooks(self, args, kwargs)

    # -- registration -------------------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args)`` before ``forward``; what it returns replaces the arguments.

        prepend: before the hooks registered so far. with_kwargs: call ``hook(module, args, kwargs)``, which
        may return a pair of new ones.

        >>> import rushlight as torch
        >>> layer = torch.nn.Identity()
        >>> handle = layer.register_forward_pre_hook(lambda module, args: args[0] + 1)
        >>> layer(torch.zeros(1))
        tensor([1.])
        """
        handle = RemovableHandle(self._forward_pre_hooks, hook, first=prepend)
        if with_kwargs:
            self._forward_pre_hooks_with_kwargs[handle.id] = True
        return handle

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args, output)`` after ``forward``; what it returns replaces the output.

        with_kwargs: call ``hook(module, args, kwargs, output)``. always_call: also when ``forward`` raised,
        with the output None.
        """
        handle = RemovableHandle(self._forward_hooks, hook, first=prepend)
        if with_kwargs:
            self._forward_hooks_with_kwargs[handle.id] = True
        if always_call:
            self._forward_hooks_always_called[handle.id] = True
        return handle

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_output)`` when the gradients of the outputs are there, before they go on.

        ``grad_output`` is a tuple; what the hook returns (a tensor or a tuple) replaces it.
        """
        return RemovableHandle(self._backward_pre_hooks, hook, first=prepend)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_input, grad_output)`` when the gradients of the inputs are there.

        Both are tuples, with None where there is no gradient; what the hook returns replaces ``grad_input``.

        >>> import rushlight as torch
        >>> layer = torch.nn.Linear(2, 1)
        >>> handle = layer.register_full_backward_hook(lambda module, grad_in, grad_out: print(grad_out))
        >>> layer(torch.ones(2, requires_grad=True)).sum().backward()
        (tensor([1.]),)
        """
        return RemovableHandle(self._backward_hooks, hook, first=prepend)


def register_module_forward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, args)`` before every module's ``forward``, ahead of the module's own hooks."""
    return RemovableHandle(everywhere_before, hook)


def register_module_forward_hook(
    hook: Hook, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call ``hook(module, args, output)`` after every module's ``forward``, ahead of the module's own hooks."""
    handle = RemovableHandle(everywhere_after, hook)
    if with_kwargs:
        _with_kwargs_everywhere.add(handle.id)
    if always_call:
        _always_everywhere.add(handle.id)
    return handle


# -- the call ------------------------------------------------------------------------------------------------


def _call_with_hooks(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    after = {**everywhere_after, **module._forward_hooks}
    result = None
    done: set[int] = set()
    try:
        args, kwargs = _before(module, args, kwargs)
        watch = None
        if module._backward_hooks or module._backward_pre_hooks:
            from ._backward_hooks import GradientWatch

            watch = GradientWatch(module)
            args = watch.inputs(args)
        result = module.forward(*args, **kwargs)
        for number, hook in after.items():
            done.add(number)
            result = _after(module, number, hook, args, kwargs, result)
        return result if watch is None else watch.outputs(result)
    except Exception:
        for number, hook in after.items():
            always = number in module._forward_hooks_always_called or number in _always_everywhere
            if always and number not in done:
                _after_failure(module, number, hook, args, kwargs, result)
        raise


def _before(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    for number, hook in (*everywhere_before.items(), *module._forward_pre_hooks.items()):
        if number in module._forward_pre_hooks_with_kwargs:
            given = hook(module, args, kwargs)
            if given is None:
                continue
            if not (isinstance(given, tuple) and len(given) == 2):
                raise RuntimeError(
                    f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {given}."
                )
            args, kwargs = given
        else:
            given = hook(module, args)
            if given is not None:
                args = given if isinstance(given, tuple) else (given,)
    return args, kwargs


def _after(module: Any, number: int, hook: Hook, args: Any, kwargs: dict[str, Any], result: Any) -> Any:
    if number in module._forward_hooks_with_kwargs or number in _with_kwargs_everywhere:
        given = hook(module, args, kwargs, result)
    else:
        given = hook(module, args, result)
    return result if given is None else given


def _after_failure(module: Any, number: int, hook: Hook, args: Any, kwargs: dict[str, Any], result: Any) -> None:
    try:
        _after(module, number, hook, args, kwargs, result)
    except Exception as error:  # noqa: BLE001 - the first error is the one to raise
        kind = "global module" if number in _always_everywhere else "module"
        warn_user(
            f"{kind} forward hook with ``always_call=True`` raised an exception that was silenced as another "
            f"error was raised in forward: {error!s}"
        )


# -- errors say where ----------------------------------------------------------------------------------------


def say_where(error: Exception, module: Any, args: tuple[Any, ...]) -> None:
    """Note on an exception which layer it came from: ``in net.0 (Linear(...)), input (32, 63) float32``.

    Every module that the exception passes on its way out knows a longer path to the layer, and words the note
    anew.
    """
    known = error.__dict__.get("_layer")
    if known is None:
        layer, after = module, _inputs(args)
        path: str | None = ""
    else:
        layer, after, note = known
        path = next((path for path, inner in module.named_modules() if inner is layer), None)
        if path is None:  # not registered inside: the path so far is all there is
            return
        error.__notes__.remove(note)
    note = f"in {_named(layer, path)}{after}"
    error.add_note(note)
    error._layer = (layer, after, note)  # type: ignore[attr-defined]


def _named(layer: Any, path: str | None) -> str:
    text = repr(layer) if not layer._modules else type(layer).__name__
    return f"{path} ({text})" if path else text


def _inputs(args: tuple[Any, ...]) -> str:
    if not args:
        return ""
    kinds = [
        f"{tuple(a._data.shape)} {a.dtype!r}".replace("torch.", "") if isinstance(a, Tensor) else type(a).__name__
        for a in args
    ]
    return f", input{'s' if len(kinds) > 1 else ''} {', '.join(kinds)}"
