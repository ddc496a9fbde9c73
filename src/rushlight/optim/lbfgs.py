"""L-BFGS: a quasi-Newton method with limited memory (Liu and Nocedal, 1989)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.modes import enable_grad, no_grad
from .._core.tensor import Tensor, wrap
from ._line_search import Trial, strong_wolfe
from .optimizer import Optimizer, as_real, check_lr, number


class LBFGS(Optimizer):
    """Steps along the gradient times an approximate inverse Hessian, which the last ``history_size`` steps
    give.

    Each ``step(closure)`` makes up to ``max_iter`` iterations with up to ``max_eval`` evaluations (5/4 of
    max_iter where left out), and ends when no gradient element exceeds ``tolerance_grad`` or function and
    parameters change by less than ``tolerance_change``. line_search_fn: None (steps of length lr) or
    "strong_wolfe". All parameters are one group. Source: Liu and Nocedal, "On the limited memory BFGS method
    for large scale optimization", 1989.

    >>> import rushlight as torch
    >>> w = torch.tensor([3.0], requires_grad=True)
    >>> optimizer = torch.optim.LBFGS([w])
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((w - 1) ** 2).sum()
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure).item()
    4.0
    >>> round(w.item(), 4)
    1.0
    """

    def __init__(
        self, params: Any, lr: Any = 1, max_iter: int = 20, max_eval: int | None = None,
        tolerance_grad: float = 1e-7, tolerance_change: float = 1e-9, history_size: int = 100,
        line_search_fn: str | None = None,
    ):  # fmt: skip
        check_lr(lr)
        defaults = {
            "lr": lr, "max_iter": max_iter, "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change,
            "history_size": history_size, "line_search_fn": line_search_fn,
        }  # fmt: skip
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")

    @no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]  # it needs to evaluate
        """Evaluate ``closure`` (which computes gradients and returns the loss) and move, up to ``max_iter``
        times.

        Returns the first evaluation's loss.
        """
        (group,) = self.param_groups
        lr, max_iter, max_eval = number(group["lr"]), group["max_iter"], group["max_eval"]
        tolerance_grad, tolerance_change = group["tolerance_grad"], group["tolerance_change"]
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        evaluate = enable_grad()(closure)
        # The state stands with the first parameter, so that loading it converts it to that dtype.
        state = self.state[group["params"][0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        first_loss = evaluate()
        loss = float(first_loss)
        evaluations = 1
        state["func_evals"] += 1
        g = self._flat_grad()
        if g.abs().max() <= tolerance_grad:
            return first_loss

        d, t = state.get("d"), state.get("t")
        for iteration in range(1, max_iter + 1):
            state["n_iter"] += 1
            d = self._direction(state, g, d, t)
            state["prev_flat_grad"] = g.clone()
            before = state["prev_loss"] = loss
            first: Any = 1.0 / g.abs().sum()
            t = min(1.0, first) * lr if state["n_iter"] == 1 else lr
            slope = g.dot(d)
            if slope > -tolerance_change:
                break
            new_evaluations = 0
            optimal = False
            if group["line_search_fn"] is not None:
                start = Trial(0, loss, g, slope)
                found, new_evaluations = strong_wolfe(self._trial(evaluate, d), start, t, d, max_eval - evaluations)
                loss, g, t = found.loss, found.grad, found.t
                self._move(t, d)
                optimal = bool(g.abs().max() <= tolerance_grad)
            else:
                self._move(t, d)
                if iteration != max_iter:  # the loss after the last step is for the next call to find
                    loss = float(evaluate())
                    g = self._flat_grad()
                    optimal = bool(g.abs().max() <= tolerance_grad)
                    new_evaluations = 1
            evaluations += new_evaluations
            state["func_evals"] += new_evaluations
            if iteration == max_iter or evaluations >= max_eval or optimal:
                break
            if d.mul(t).abs().max() <= tolerance_change or abs(loss - before) < tolerance_change:
                break
        state["d"], state["t"] = d, t
        self._opt_called = True
        return first_loss

    def _direction(self, state: dict[str, Any], g: Tensor, d: Any, t: Any) -> Tensor:
        """Minus the approximate inverse Hessian times the gradient: the two loops over the history."""
        if state["n_iter"] == 1:
            state["old_dirs"], state["old_stps"], state["ro"], state["H_diag"] = [], [], [], 1
            return g.neg()
        # As PyTorch names them in its state: old_dirs are changes of the gradient, old_stps of the
        # parameters.
        changes, steps, inverses = state["old_dirs"], state["old_stps"], state["ro"]
        change, step = g.sub(state["prev_flat_grad"]), d.mul(t)
        curvature = change.dot(step)
        if curvature > 1e-10:
            if len(changes) == self.param_groups[0]["history_size"]:
                for history in (changes, steps, inverses):
                    history.pop(0)
            changes.append(change)
            steps.append(step)
            inverses.append(1.0 / curvature)
            state["H_diag"] = curvature / change.dot(change)
        q = g.neg()
        factors = []
        for change, step, inverse in zip(reversed(changes), reversed(steps), reversed(inverses)):
            factors.append(step.dot(q) * inverse)
            q.add_(change, alpha=-factors[-1].item())
        r = q.mul(state["H_diag"])
        for change, step, inverse, factor in zip(changes, steps, inverses, reversed(factors)):
            r.add_(step, alpha=(factor - change.dot(r) * inverse).item())
        return r

    def _trial(self, evaluate: Callable[[], Any], d: Tensor) -> Callable[[Any], Trial]:
        """The loss and gradient at a distance along ``d``, as a function that leaves the parameters as they are."""
        params = self.param_groups[0]["params"]
        here = [p._data.copy() for p in params]

        def trial(t: Any) -> Trial:
            self._move(t, d)
            loss = float(evaluate())
            g = self._flat_grad()
            for p, values in zip(params, here):
                p.copy_(wrap(values))
            return Trial(t, loss, g, g.dot(d))

        return trial

    def _flat_grad(self) -> Tensor:
        """All gradients in one vector; complex ones as pairs of real numbers."""
        flat = []
        for p in self.param_groups[0]["params"]:
            g = np.zeros_like(p._data) if p._grad is None else p._grad._data
            g = g.reshape(-1)
            flat.append(g.view(g.real.dtype) if g.dtype.kind == "c" else g)
        return wrap(np.concatenate(flat))

    def _move(self, t: Any, d: Tensor) -> None:
        """Add ``t`` times the vector ``d`` to the parameters."""
        offset = 0
        for p in self.param_groups[0]["params"]:
            (p,) = as_real(p)
            n = p._data.size
            p.add_(wrap(d._data[offset : offset + n].reshape(p._data.shape)), alpha=number(t))
            offset += n
