"""`torch.compile`, and the module that stands for a compiled one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..nn.modules.module import Module
from .driver import PROGRAMS, compiled_function
from .plan import NumPyPlan, plan_for

# By the names that PyTorch has for backends: what makes a plan of a graph.
BACKENDS: dict[str, Callable[..., Any]] = {
    "inductor": plan_for,
    "eager": NumPyPlan,
    "aot_eager": NumPyPlan,
}


def compile(
    model: Callable[..., Any] | None = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: str | Callable[..., Any] | None = None,
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    name: str | None = None,
    disable: bool = False,
    recompile_limit: int | None = None,
    isolate_recompiles: bool = False,
    shapes_spec: Any = None,
    verify: int = 0,
) -> Any:
    """A function, or a module, that runs as one program from its third call on; also as a decorator.

    The first call runs as ever, the second is traced. What is traced may hold a whole training step: forward,
    ``backward()``, ``optimizer.step()``. Each shape, dtype and Python value that steers the function gets a program of
    its own, at most ``recompile_limit`` of them; float and int arguments and learning rates are read at each call.
    What cannot be traced runs eagerly, with one warning that names the line.

    fullgraph: raise instead of warning. backend: "inductor", or "eager" for NumPy alone. disable: compile nothing.
    name: what messages call it. verify: make that many of the first compiled calls both ways, and raise RuntimeError
    with the first operation that differs. ``compiled.repeat(n, *args)`` makes n calls, each from where the last one ended,
    in one piece where machine code does it all; it returns the last result. ``compiled.explain()`` tells of guards and operations, the environment
    variable ``RUSHLIGHT_DEBUG`` shows more.

    NotImplementedError for other backends, modes and options, ``dynamic=True``, ``isolate_recompiles`` and
    ``shapes_spec``.

    >>> import rushlight as torch
    >>> @torch.compile
    ... def f(x, y):
    ...     return torch.sin(x) * y
    >>> for _ in range(3):
    ...     z = f(torch.ones(2), 2.0)
    >>> z
    tensor([1.6829, 1.6829])
    """
    if mode is not None and options is not None:
        raise RuntimeError("Either mode or options can be specified, but both can't be specified at the same time.")
    refuse(dynamic, mode, options, isolate_recompiles, shapes_spec)
    plan_of = BACKENDS.get(backend or "inductor") if not callable(backend) else None
    if plan_of is None:
        raise NotImplementedError(f"torch.compile(backend={backend!r}): there are {', '.join(map(repr, BACKENDS))}")
    kept = {
        "fullgraph": fullgraph, "plan_of": plan_of, "name": name, "limit": recompile_limit or PROGRAMS,
        "verify": verify,
    }  # fmt: skip

    def compiled(model: Any) -> Any:
        if isinstance(model, Module):
            return OptimizedModule(model, model.__call__ if disable else compiled_function(model.__call__, **kept))
        if not callable(model):
            raise RuntimeError(f"torch.compile takes a function or a module, not {type(model).__name__}")
        return model if disable else compiled_function(model, **kept)

    return compiled if model is None else compiled(model)


def refuse(dynamic: Any, mode: Any, options: Any, isolate_recompiles: bool, shapes_spec: Any) -> None:
    """NotImplementedError for what `compile` takes and does nothing with."""
    for text, given in (
        ("dynamic=True: each shape is compiled for itself", bool(dynamic)),
        (f"mode={mode!r}: there is 'default'", mode not in (None, "default")),
        ("options", bool(options)),
        ("isolate_recompiles=True: no two calls of torch.compile share programs", isolate_recompiles),
        ("shapes_spec", shapes_spec is not None),
    ):
        if given:
            raise NotImplementedError(f"torch.compile({text}) is not supported")


class OptimizedModule(Module):
    """A module that calls another, compiled. All else (parameters, attributes, modes) is that module's.

    >>> import rushlight as torch
    >>> model = torch.compile(torch.nn.Linear(2, 1))
    >>> list(model.state_dict())
    ['_orig_mod.weight', '_orig_mod.bias']
    """

    _orig_mod: Any

    def __init__(self, module: Module, call: Callable[..., Any]):
        super().__init__()
        self.__dict__["forward"] = call
        del self.__dict__["training"]
        self.add_module("_orig_mod", module)
        self.explain = getattr(call, "explain", None)

    def __getattr__(self, name: str) -> Any:
        modules = self.__dict__.get("_modules", {})
        if "_orig_mod" not in modules:
            raise AttributeError(name)
        module = modules["_orig_mod"]
        return module if name == "_orig_mod" else getattr(module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        modules = self.__dict__.get("_modules", {})
        if "_orig_mod" in modules and name not in ("forward", "explain"):
            setattr(modules["_orig_mod"], name, value)
        else:
            super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._orig_mod, name)

    def __len__(self) -> int:
        return len(self._orig_mod)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> Any:
        return (compile, (self._orig_mod,))
