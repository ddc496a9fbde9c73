"""One step of a recurrent network: what the cells compute, and what the layers repeat."""

from __future__ import annotations

from typing import Any

from .._core.registry import operation
from .._core.tensor import Tensor
from .linear import linear

# -- the steps ----------------------------------------------------------------------------------------------------
#
# Each takes the input's part of the gates, the state, and the weights of the state; and gives the new state.


def _tanh_step(gates: Any, h: Any, w: Any, b: Any) -> Any:
    return (linear(h, w, b) + gates).tanh()


def _relu_step(gates: Any, h: Any, w: Any, b: Any) -> Any:
    return (linear(h, w, b) + gates).relu()


def _lstm_step(gates: Any, state: Any, w: Any, b: Any, projection: Any = None) -> tuple[Any, Any]:
    """Hochreiter and Schmidhuber, 1997, with forget gates (Gers et al., 2000)."""
    h, c = state
    i, f, g, o = (linear(h, w, b) + gates).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return (h if projection is None else h.matmul(projection.t())), c


def _gru_step(gates: Any, h: Any, w: Any, b: Any) -> Any:
    """Cho et al., 2014; the reset gate acts on the product with the state."""
    reset_x, update_x, new_x = gates.chunk(3, 1)
    reset_h, update_h, new_h = linear(h, w, b).chunk(3, 1)
    reset = (reset_h + reset_x).sigmoid()
    update = (update_h + update_x).sigmoid()
    new = new_x + new_h * reset
    new = new.tanh()
    return (h - new) * update + new


STEPS: dict[str, Any] = {
    "RNN_TANH": _tanh_step,
    "RNN_RELU": _relu_step,
    "LSTM": _lstm_step,
    "GRU": _gru_step,
}
GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "LSTM": 4, "GRU": 3}

# -- cells --------------------------------------------------------------------------------------------------------


def _check(input: Any, states: tuple[Any, ...], w_ih: Any, w_hh: Any, gates: int) -> None:
    if input.size(1) != w_ih.size(1):
        raise RuntimeError(f"input has inconsistent input_size: got {input.size(1)} expected {w_ih.size(1)}")
    hidden_size = w_hh.size(1)
    for i, state in enumerate(states):
        if input.size(0) != state.size(0):
            raise RuntimeError(f"Input batch size {input.size(0)} doesn't match hidden{i} batch size {state.size(0)}")
        if state.size(1) != hidden_size:
            raise RuntimeError(f"hidden{i} has inconsistent hidden_size: got {state.size(1)}, expected {hidden_size}")
    for name, weight in (("weight_ih", w_ih), ("weight_hh", w_hh)):
        if weight.size(0) != gates * hidden_size:
            raise RuntimeError(
                f"{name} first dim must be {gates} * hidden_size = {gates * hidden_size}, but got {weight.size(0)}"
            )


def _cell(mode: str, input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> Any:
    _check(input, hx if mode == "LSTM" else (hx,), w_ih, w_hh, GATES[mode])
    return STEPS[mode](linear(input, w_ih, b_ih), hx, w_hh, b_hh)


@operation(out=False, method=False)
def rnn_tanh_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """``tanh(w_ih input + b_ih + w_hh hx + b_hh)``: (N, input) and the state (N, hidden) to the next state.

    >>> import rushlight as torch
    >>> torch.rnn_tanh_cell(torch.ones(1, 2), torch.zeros(1, 1), torch.ones(1, 2), torch.ones(1, 1))
    tensor([[0.9640]])
    """
    return _cell("RNN_TANH", input, hx, w_ih, w_hh, b_ih, b_hh)


@operation(out=False, method=False)
def rnn_relu_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """``relu(w_ih input + b_ih + w_hh hx + b_hh)``; see `rnn_tanh_cell`.

    >>> import rushlight as torch
    >>> torch.rnn_relu_cell(torch.ones(1, 2), torch.zeros(1, 1), torch.ones(1, 2), torch.ones(1, 1))
    tensor([[2.]])
    """
    return _cell("RNN_RELU", input, hx, w_ih, w_hh, b_ih, b_hh)


@operation(out=False, method=False)
def lstm_cell(
    input: Tensor, hx: Any, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """One step of long short-term memory: (N, input) and the pair of states (N, hidden) to the next pair.

    The rows of the weights are those of the input, forget, cell and output gate, in this order.

    >>> import rushlight as torch
    >>> zero = torch.zeros(1, 1)
    >>> torch.lstm_cell(torch.ones(1, 2), (zero, zero), torch.ones(4, 2), torch.ones(4, 1))
    (tensor([[0.6083]]), tensor([[0.8491]]))
    """
    if not isinstance(hx, (tuple, list)):
        raise TypeError(f"lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not {type(hx).__name__}")
    if len(hx) != 2:
        raise RuntimeError("lstm_cell expects two hidden states")
    return _cell("LSTM", input, hx, w_ih, w_hh, b_ih, b_hh)


@operation(out=False, method=False)
def gru_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """One step of gated recurrent units; the rows of the weights are those of the reset, update and new gate.

    >>> import rushlight as torch
    >>> torch.gru_cell(torch.ones(1, 2), torch.zeros(1, 1), torch.ones(3, 2), torch.ones(3, 1))
    tensor([[0.1149]])
    """
    return _cell("GRU", input, hx, w_ih, w_hh, b_ih, b_hh)
