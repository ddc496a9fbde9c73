"""`torch.amp`: scaled gradients; and regions of mixed precision, which are for devices that are not there.

`GradScaler` follows Micikevicius et al., "Mixed precision training" (2018): gradients of a loss times a factor do not
vanish in half precision; the factor shrinks when one overflows and grows when none has for a while.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from ._core import dtypes
from ._core.modes import no_grad
from ._core.tensor import Tensor
from ._standin.missing import refuse_other_names as _refuse_other_names


def is_autocast_available(device_type: str) -> bool:
    """Whether `autocast` can be enabled for a type of device: always False.

    >>> import rushlight as torch
    >>> torch.amp.is_autocast_available("cpu")
    False
    """
    return False


class autocast:
    """A region, or a decorated function, in which operations choose their dtypes: not supported, but where it is disabled.

    "cuda" disables itself with a warning, since there is no GPU; "cpu" does with a dtype that is neither bfloat16 nor
    float16. Raises NotImplementedError where it would be enabled, RuntimeError for a type of device that is none.

    >>> import rushlight as torch
    >>> with torch.autocast("cuda", enabled=False):
    ...     y = torch.ones(2) @ torch.ones(2)
    """

    def __init__(
        self, device_type: str, dtype: Any = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        if device_type not in ("cuda", "cpu"):
            raise RuntimeError(
                f"User specified an unsupported autocast device_type '{device_type}'\nRushlight computes on the CPU."
            )
        self.device = device_type
        half = dtypes.float16 if device_type == "cuda" else dtypes.bfloat16
        self.fast_dtype = half if dtype is None else dtype
        if enabled and device_type == "cuda":
            warnings.warn("CUDA is not available or torch_xla is imported. Disabling autocast.", stacklevel=2)
        elif enabled and self.fast_dtype not in (dtypes.bfloat16, dtypes.float16):
            warnings.warn(
                "In CPU autocast, but the target dtype is not supported. Disabling autocast.\n"
                "CPU Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.",
                stacklevel=2,
            )
        elif enabled:
            raise NotImplementedError(
                f"torch.autocast('cpu', {self.fast_dtype}): Rushlight's operations do not choose their dtypes\n"
                "Convert the model and its inputs with .to(dtype), or disable autocast."
            )

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *exception: Any) -> None:
        return None

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return call


class GradScaler:
    """Multiplies losses by a factor, divides gradients by it before a step, and leaves out steps with gradients that are
    not finite.

    The factor, at first ``init_scale``, is multiplied by ``backoff_factor`` after such a step, and by ``growth_factor``
    after ``growth_interval`` steps without one. For "cuda", where there is no GPU, it disables itself with a warning; one
    that is not ``enabled`` does nothing. Raises ValueError for a factor that would not grow, or not shrink.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> optimizer = torch.optim.SGD([x], lr=1.0)
    >>> scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    >>> scaler.scale(x.sum()).backward()
    >>> x.grad
    tensor([8., 8.])
    >>> scaler.step(optimizer)
    >>> scaler.update()
    >>> x
    tensor([0., 0.], requires_grad=True)
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        self._device = device
        self._enabled = enabled
        if enabled and device != "cpu":
            warnings.warn(
                f"torch.{device}.amp.GradScaler is enabled, but {device.upper()} is not available.  Disabling.",
                stacklevel=2 if type(self) is GradScaler else 3,
            )
            self._enabled = False
        if self._enabled:
            if not growth_factor > 1.0:
                raise AssertionError("The growth factor must be > 1.0.")
            if not backoff_factor < 1.0:
                raise AssertionError("The backoff factor must be < 1.0.")
        self._scale = float(init_scale)
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._growth_tracker = 0
        self._used = False
        self._stages: dict[
            int, tuple[str, bool]
        ] = {}  # by optimizer: what it has gone through, and whether all was finite

    def scale(self, outputs: Any) -> Any:
        """``outputs`` (a tensor, or nested lists and tuples of them) times the factor.

        Raises ValueError for what is neither a tensor nor iterable, or iterable otherwise.

        >>> import rushlight as torch
        >>> torch.amp.GradScaler("cpu", init_scale=4.0).scale(torch.tensor(0.5))
        tensor(2.)
        """
        if not self._enabled:
            return outputs
        self._used = True
        if isinstance(outputs, Tensor):
            return outputs * outputs.new_tensor(self._scale, dtype=dtypes.float32)
        if isinstance(outputs, (list, tuple)):
            scaled = [self.scale(each) for each in outputs]
            return type(outputs)(*scaled) if hasattr(outputs, "_fields") else type(outputs)(scaled)
        if hasattr(outputs, "__iter__"):
            return map(self.scale, outputs)
        raise ValueError("outputs must be a Tensor or an iterable of Tensors")

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of the optimizer's parameters by the factor, in place: `step` does it otherwise.

        Raises RuntimeError where that was done since the last `update`, or the step was made, ValueError for gradients in
        float16.
        """
        if not self._enabled:
            return
        stage = self._stage(optimizer, "unscale_")
        if stage == "unscaled":
            raise RuntimeError("unscale_() has already been called on this optimizer since the last update().")
        if stage == "stepped":
            raise RuntimeError("unscale_() is being called after step().")
        inverse = 1.0 / self._scale
        finite = True
        with no_grad():
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is None:
                        continue
                    if parameter.grad.dtype is dtypes.float16:
                        raise ValueError("Attempting to unscale FP16 gradients.")
                    finite = finite and bool(parameter.grad.isfinite().all())
                    parameter.grad.mul_(inverse)
        self._stages[id(optimizer)] = ("unscaled", finite)

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """``optimizer.step()`` with the gradients divided by the factor, or nothing where one of them is not finite.

        What the step returns, or None. Raises RuntimeError for a closure, and for a second step before `update`.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        stage = self._stage(optimizer, "step")
        if stage == "stepped":
            raise RuntimeError("step() has already been called since the last update().")
        if stage == "ready":
            self.unscale_(optimizer)
        finite = self._stages[id(optimizer)][1]
        self._stages[id(optimizer)] = ("stepped", finite)
        return optimizer.step(*args, **kwargs) if finite else None

    def update(self, new_scale: Any = None) -> None:
        """Choose the factor for the next iteration: ``new_scale`` where it is given, else by what `step` has met.

        Raises AssertionError where nothing was scaled, or no gradients were looked at, since the last time.
        """
        if not self._enabled:
            return
        if not self._used:
            raise AssertionError(
                "Attempted update but _scale is None.  This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration."
            )
        if new_scale is not None:
            self._scale = float(new_scale)
        elif not self._stages:
            raise AssertionError("No inf checks were recorded prior to update.")
        elif all(finite for _, finite in self._stages.values()):
            self._growth_tracker += 1
            if self._growth_tracker == self._growth_interval:
                self._scale *= self._growth_factor
                self._growth_tracker = 0
        else:
            self._scale *= self._backoff_factor
            self._growth_tracker = 0
        self._stages = {}

    def _stage(self, optimizer: Any, attempted: str) -> str:
        if not self._used:
            raise AssertionError(
                f"Attempted {attempted} but _scale is None.  This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration."
            )
        return self._stages.get(id(optimizer), ("ready", True))[0]

    def get_scale(self) -> float:
        """The factor: 1 where this is not enabled."""
        return self._scale if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        """What the factor is multiplied by to grow."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Set what the factor is multiplied by to grow."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """What the factor is multiplied by to shrink."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Set what the factor is multiplied by to shrink."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """After how many steps with finite gradients the factor grows."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Set after how many steps with finite gradients the factor grows."""
        self._growth_interval = new_interval

    def is_enabled(self) -> bool:
        """Whether this does anything."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """The factor and how it changes, for `load_state_dict`: nothing where this is not enabled."""
        if not self._enabled:
            return {}
        return {
            "scale": self._scale,
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._growth_tracker,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take on what `state_dict` gave. Raises RuntimeError where that is nothing, of one that was not enabled."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler."
            )
        self._scale = float(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._growth_tracker = state_dict["_growth_tracker"]


_refuse_other_names(globals())
