"""What all schedules share: counting epochs, and writing what they compute into the optimizer."""

from __future__ import annotations

import types
from typing import Any

from ..._core.tensor import Tensor
from ..._core.where import warn_user
from ..optimizer import Optimizer

EPOCH_DEPRECATION_WARNING = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. "
    "Please use `scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from "
    "None, the closed form is used instead of the new chainable form, where available. Please open an issue "
    "if you are unable to replicate your use case: https://github.com/pytorch/pytorch/issues/new/choose."
)
_HOW = "See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"


class LRScheduler:
    """Base of all schedules: a subclass defines ``get_lr``, the learning rates of the epoch
    ``self.last_epoch``.

    optimizer: whose learning rates are changed, at once to those of epoch 0. last_epoch: the epoch to go on
    from. Raises TypeError for what is no optimizer, KeyError where there is nothing to go on from.
    """

    _get_lr_called_within_step = False
    _is_initial = False
    optimizer: Any
    base_lrs: list[Any]
    _last_lr: list[Any]

    def __init__(self, optimizer: Any, last_epoch: int = -1):
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with "
                    "last_epoch >= 0.\nThis typically happens when:\n1. You're trying to resume training "
                    "from a checkpoint but haven't properly loaded the optimizer state\n2. You're using "
                    "last_epoch >= 0 for a fresh training run (not recommended)"
                )
        self.base_lrs = self._options("initial_lr")
        self.last_epoch = last_epoch
        if "_scheduled" not in optimizer.__dict__:
            optimizer._scheduled = _function(optimizer.step)
            optimizer._opt_called = False  # only steps from here on count
        self._initial_step()

    def _initial_step(self) -> None:
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    # -- for subclasses -----------------------------------------------------------------------------------

    def get_lr(self) -> list[Any]:
        """The learning rate of each group for the epoch that is beginning; subclasses define it."""
        raise NotImplementedError

    def _options(self, key: str) -> list[Any]:
        return [copied(group[key]) for group in self.optimizer.param_groups]

    def _unchanged(self) -> list[Any]:
        return self._options("lr")

    def _times(self, factor: float) -> list[Any]:
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    def _warn_outside_step(self) -> None:
        if not self._get_lr_called_within_step:
            warn_user("To get the last learning rate computed by the scheduler, please use `get_last_lr()`.")

    # -- for users ----------------------------------------------------------------------------------------

    def get_last_lr(self) -> list[Any]:
        """The learning rate of each group, as last set."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Go on to the next epoch; to be called after the optimizer's steps of the one that ends.

        Warns where it comes before the optimizer's first step, which skips the first learning rate. epoch: go
        to that one instead (deprecated).
        """
        if self._step_count == 1:
            if _function(self.optimizer.step) is not getattr(self.optimizer, "_scheduled", None):
                warn_user(
                    "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
                    "initialization. Please, make sure to call `optimizer.step()` before "
                    f"`lr_scheduler.step()`. {_HOW}"
                )
            elif not self.optimizer._opt_called:
                warn_user(
                    "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and "
                    "later, you should call them in the opposite order: `optimizer.step()` before "
                    "`lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first "
                    f"value of the learning rate schedule. {_HOW}"
                )
        self._step_count += 1
        if epoch is not None:
            warn_user(EPOCH_DEPRECATION_WARNING)
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        closed_form = None if epoch is None else getattr(self, "_get_closed_form_lr", None)
        self._set(closed_form or self.get_lr)

    def _set(self, compute: Any) -> None:
        """Write what ``compute`` says into the optimizer."""
        self._get_lr_called_within_step = True
        try:
            rates = compute()
        finally:
            self._get_lr_called_within_step = False
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            set_option(group, "lr", rate)
        self._last_lr = self._options("lr")

    # -- state --------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that the schedule remembers, but the optimizer."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.__dict__.update(state_dict)


def check_optimizer(optimizer: Any) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


def copied(value: Any) -> Any:
    """An option as it is now: a tensor may be changed in place later."""
    return value.clone() if isinstance(value, Tensor) else value


def set_option(group: dict[str, Any], key: str, value: Any) -> None:
    """Change an option; a tensor is changed in place, since others may hold it."""
    if isinstance(group[key], Tensor):
        group[key].fill_(value)
    else:
        group[key] = value


def for_each_group(name: str, optimizer: Any, value: Any) -> list[Any]:
    """An option given once or for each group, as a list of one for each."""
    n = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [copied(value) for _ in range(n)]
    if len(value) != n:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has {len(value)} values, "
            f"param_groups has {n}."
        )
    return [copied(v) for v in value]


def saved_function(function: Any) -> dict[str, Any] | None:
    """What a schedule's state keeps of a callable: an object's attributes, nothing of a function."""
    return None if isinstance(function, types.FunctionType) else function.__dict__.copy()


def _function(method: Any) -> Any:
    return getattr(method, "__func__", method)
