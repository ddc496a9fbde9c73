"""Recurrent networks: cells, and layers of them over sequences.

The gates of all time steps that depend on the input alone are one product; only what depends on the state
before goes step by step.
"""

from __future__ import annotations

import math
from typing import Any

from ..._core.where import warn_user
from ..._ops.creation import empty, zeros
from ..._ops.joining import cat, stack
from ..._ops.recurrent import GATES, STEPS, gru_cell, lstm_cell, rnn_relu_cell, rnn_tanh_cell
from .. import functional as F
from .. import init
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module


def _reset(module: Module, hidden_size: int) -> None:
    bound = 1.0 / math.sqrt(hidden_size) if hidden_size > 0 else 0
    for weight in module.parameters():
        init.uniform_(weight, -bound, bound)


# -- layers --------------------------------------------------------------------------------------------------


class RNNBase(Module):
    """Layers of a recurrent network: its weights are ``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, ..."""

    def __init__(
        self, mode: str, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        if mode not in STEPS:
            raise ValueError("Unrecognized RNN mode: " + mode)
        _check_sizes(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        out_size = proj_size or hidden_size
        rows = GATES[mode] * hidden_size
        self._all_weights: list[list[str]] = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                columns = input_size if layer == 0 else out_size * (2 if bidirectional else 1)
                shapes: dict[str, tuple[int, ...]] = {
                    f"weight_ih_l{layer}{suffix}": (rows, columns),
                    f"weight_hh_l{layer}{suffix}": (rows, out_size),
                }
                if bias:
                    shapes |= {f"bias_ih_l{layer}{suffix}": (rows,), f"bias_hh_l{layer}{suffix}": (rows,)}
                if proj_size:
                    shapes[f"weight_hr_l{layer}{suffix}"] = (proj_size, hidden_size)
                for name, shape in shapes.items():
                    setattr(self, name, Parameter(empty(shape, device=device, dtype=dtype)))
                self._all_weights.append(list(shapes))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all weights anew, uniformly within 1 / sqrt(hidden_size)."""
        _reset(self, self.hidden_size)

    def flatten_parameters(self) -> None:
        """Nothing: how weights lie in memory makes no difference here."""

    @property
    def all_weights(self) -> list[list[Any]]:
        """The weights of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _flat_weights_names(self) -> list[str]:
        return [name for names in self._all_weights for name in names]

    @property
    def _flat_weights(self) -> list[Any]:
        """What a call computes with: the parameters, or what a program that computes its weights has put in their place.

        As in PyTorch that holds until a parameter is replaced by another one.
        """
        own = [getattr(self, name) for name in self._flat_weights_names]
        given, replaced = self.__dict__.get("_weights_given", (own, own))
        return given if all(a is b for a, b in zip(own, replaced)) else own

    @_flat_weights.setter
    def _flat_weights(self, weights: list[Any]) -> None:
        self.__dict__["_weights_given"] = weights, [getattr(self, name) for name in self._flat_weights_names]

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.proj_size != 0:
            text += f", proj_size={self.proj_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.batch_first is not False:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional is not False:
            text += f", bidirectional={self.bidirectional}"
        return text

    def forward(self, input: Any, hx: Any = None) -> Any:
        """(L, N, input_size), (N, L, input_size) with ``batch_first``, or (L, input_size); and the first state.

        A `PackedSequence` gives a packed output, and states in the order of its sequences before packing.
        """
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        title = "RNN" if self.mode.startswith("RNN") else self.mode
        if input.dim() not in (2, 3):
            tensor = " tensor" if title == "RNN" else ""
            raise ValueError(f"{title}: Expected input to be 2D or 3D, got {input.dim()}D{tensor} instead")
        batched = input.dim() == 3
        batch_dim = 0 if self.batch_first else 1
        if hx is not None:
            self._check_dims(hx, batched)
        if not batched:
            input = input.unsqueeze(batch_dim)
            hx = None if hx is None else _each(hx, lambda t: t.unsqueeze(1))
        hx = self._first_state(input, input.size(batch_dim)) if hx is None else hx
        self._check_input(input, dims=3)
        self._check_states(hx, input.size(batch_dim))
        sequence = input.transpose(0, 1) if self.batch_first else input
        output, state = self._run(sequence, hx)
        if self.batch_first:
            output = output.transpose(0, 1)
        if not batched:
            output, state = output.squeeze(batch_dim), _each(state, lambda t: t.squeeze(1))
        return output, state

    def _forward_packed(self, packed: Any, hx: Any) -> tuple[Any, Any]:
        data, batch_sizes, order, order_back = packed
        sizes = batch_sizes.tolist()
        if hx is None:
            hx = self._first_state(data, sizes[0])
        else:
            hx = _each(hx, lambda t: _reordered(t, order))
        if self.mode == "LSTM":
            self._check_pair(hx)
        else:
            self._check_input(data, dims=2)
            self._check_states(hx, sizes[0])
        output, state = self._run(data, hx, sizes)
        return type(packed)(output, batch_sizes, order, order_back), _each(state, lambda t: _reordered(t, order_back))

    def _run(self, sequence: Any, hx: Any, sizes: list[int] | None = None) -> tuple[Any, Any]:
        """All layers over a sequence (L, N, ...), or (N at each time, together; ...) where ``sizes`` says how many."""
        last: list[Any] = []
        flat = iter(self._flat_weights)
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(2 if self.bidirectional else 1):
                place = len(last)
                weights = [next(flat) for _ in self._all_weights[place]]
                first = tuple(t[place] for t in hx) if self.mode == "LSTM" else hx[place]
                output, state = self._run_direction(sequence, sizes, first, weights, direction == 1)
                outputs.append(output)
                last.append(state)
            sequence = cat(outputs, -1) if self.bidirectional else outputs[0]
            if self.dropout != 0 and self.training and layer < self.num_layers - 1:
                sequence = F.dropout(sequence, self.dropout, True)
        if self.mode == "LSTM":
            return sequence, tuple(stack(parts) for parts in zip(*last))
        return sequence, stack(last)

    def _run_direction(
        self, sequence: Any, sizes: list[int] | None, state: Any, weights: list[Any], backwards: bool
    ) -> tuple[Any, Any]:
        w_ih, w_hh, *rest = weights
        b_ih, b_hh = rest[:2] if self.bias else (None, None)
        more = (rest[-1],) if self.proj_size else ()
        step = STEPS[self.mode]
        inputs = F.linear(sequence, w_ih, b_ih)
        gates: Any
        if sizes is None:
            gates, batch = inputs.unbind(0), _Batch(state)
        else:
            gates = inputs.split(sizes)
            batch = _GrowingBatch(state, sizes) if backwards else _ShrinkingBatch(state, sizes)
        outputs = []
        for t in reversed(range(len(gates))) if backwards else range(len(gates)):
            batch.state = state = step(gates[t], batch.at(t), w_hh, b_hh, *more)
            outputs.append(state[0] if self.mode == "LSTM" else state)
        if backwards:
            outputs.reverse()
        return (stack(outputs) if sizes is None else cat(outputs)), batch.last()

    # -- checks ---------------------------------------------------------------------------------------------

    def _state_shapes(self, n: int) -> tuple[tuple[int, int, int], ...]:
        layers = self.num_layers * (2 if self.bidirectional else 1)
        hidden = (layers, n, self.proj_size or self.hidden_size)
        return (hidden, (layers, n, self.hidden_size)) if self.mode == "LSTM" else (hidden,)

    def _first_state(self, input: Any, n: int) -> Any:
        states = tuple(zeros(shape, dtype=input.dtype) for shape in self._state_shapes(n))
        return states if self.mode == "LSTM" else states[0]

    def _check_dims(self, hx: Any, batched: bool) -> None:
        wanted = 3 if batched else 2
        kind = "batched" if batched else "unbatched"
        if self.mode == "LSTM":
            h, c = hx
            if h.dim() != wanted or c.dim() != wanted:
                raise RuntimeError(
                    f"For {kind} {wanted}-D input, hx and cx should also be {wanted}-D but got ({h.dim()}-D, "
                    f"{c.dim()}-D) tensors"
                )
        elif hx.dim() != wanted:
            raise RuntimeError(f"For {kind} {wanted}-D input, hx should also be {wanted}-D but got {hx.dim()}-D tensor")

    def _check_pair(self, hx: Any) -> None:
        # All that PyTorch's LSTM checks of what comes with a packed sequence; products and sums refuse the rest.
        if not isinstance(hx, (tuple, list)) or len(hx) != 2:
            raise RuntimeError("lstm expects two hidden states")
        if hx[0].size(0) != len(self._all_weights):
            raise RuntimeError("Expected more hidden states in stacked_rnn")

    def _check_input(self, input: Any, dims: int) -> None:
        dtype = self.weight_ih_l0.dtype
        if input.dtype != dtype:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({dtype}). Convert input: "
                f"input.to({dtype}), or convert model: model.to({input.dtype})"
            )
        if input.dim() != dims:
            raise RuntimeError(f"input must have {dims} dimensions, got {input.dim()}")
        if self.input_size != input.size(-1):
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )

    def _check_states(self, hx: Any, n: int) -> None:
        states = hx if self.mode == "LSTM" else (hx,)
        for i, (state, shape) in enumerate(zip(states, self._state_shapes(n))):
            if tuple(state.shape) != shape:
                what = f"hidden[{i}]" if self.mode == "LSTM" else "hidden"
                raise RuntimeError(f"Expected {what} size {shape}, got {list(state.shape)}")


def _each(state: Any, f: Any) -> Any:
    """``f`` of a state, or of the two states of an LSTM."""
    return tuple(f(t) for t in state) if isinstance(state, (tuple, list)) else f(state)


def _together(f: Any, states: list[Any]) -> Any:
    """``f`` of a list of states, or for each of the two states of an LSTM."""
    return tuple(f(parts) for parts in zip(*states)) if isinstance(states[0], (tuple, list)) else f(states)


def _reordered(state: Any, order: Any) -> Any:
    return state if order is None else state.index_select(1, order)


class _Batch:
    """The states of the sequences that are under way: all of them at all times, where all have one length."""

    def __init__(self, state: Any):
        self.state = state

    def at(self, t: int) -> Any:
        """The states of those that take part at time ``t``."""
        return self.state

    def last(self) -> Any:
        """The state of each sequence when it was through."""
        return self.state


class _ShrinkingBatch(_Batch):
    """Forwards through packed sequences, the longest of which come first: the last ones of the batch end."""

    def __init__(self, state: Any, sizes: list[int]):
        super().__init__(state)
        self.sizes = sizes
        self.ended: list[Any] = []

    def at(self, t: int) -> Any:
        n, before = self.sizes[t], self.sizes[max(t - 1, 0)]
        if n < before:
            self.ended.append(_each(self.state, lambda s: s.narrow(0, n, before - n)))
            self.state = _each(self.state, lambda s: s.narrow(0, 0, n))
        return self.state

    def last(self) -> Any:
        return _together(cat, [self.state, *reversed(self.ended)]) if self.ended else self.state


class _GrowingBatch(_Batch):
    """Backwards through packed sequences: shorter ones join in."""

    def __init__(self, state: Any, sizes: list[int]):
        super().__init__(_each(state, lambda s: s.narrow(0, 0, sizes[-1])))
        self.sizes = sizes
        self.first = state

    def at(self, t: int) -> Any:
        n, before = self.sizes[t], self.sizes[min(t + 1, len(self.sizes) - 1)]
        if n > before:
            joining = _each(self.first, lambda s: s.narrow(0, before, n - before))
            self.state = _together(cat, [self.state, joining])
        return self.state


def _check_sizes(
    input_size: Any,
    hidden_size: Any,
    num_layers: int,
    bias: Any,
    batch_first: Any,
    dropout: Any,
    proj_size: int,
) -> None:
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warn_user(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
            f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}"
        )
    for name, value, kind in (
        ("bias", bias, bool), ("batch_first", batch_first, bool), ("input_size", input_size, int),
        ("hidden_size", hidden_size, int),
    ):  # fmt: skip
        if not isinstance(value, kind):
            raise TypeError(f"{name} should be of type {kind.__name__}, got: {type(value).__name__}")
        if kind is int and value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


def _refuse_projection(options: dict[str, Any]) -> None:
    if "proj_size" in options:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")


class RNN(RNNBase):
    """Elman's network: h = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu, in ``num_layers`` layers.

    Takes (input_size, hidden_size, num_layers=1, nonlinearity="tanh", bias=True, batch_first=False,
    dropout=0.0, bidirectional=False). Returns the states of the last layer at all times, and of all layers at
    the last.

    >>> import rushlight as torch
    >>> output, h = torch.nn.RNN(3, 5)(torch.zeros(7, 2, 3))
    >>> output.shape, h.shape
    (torch.Size([7, 2, 5]), torch.Size([1, 2, 5]))
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh", *args: Any,
        **kwargs: Any,
    ):  # fmt: skip
        _refuse_projection(kwargs)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(f"RNN_{nonlinearity.upper()}", input_size, hidden_size, num_layers, *args, **kwargs)
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997) in ``num_layers`` layers.

    Takes (input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
    bidirectional=False, proj_size=0). Returns the hidden states of the last layer at all times, and (hidden,
    cell) of all layers at the last.

    >>> import rushlight as torch
    >>> output, (h, c) = torch.nn.LSTM(3, 5, num_layers=2, batch_first=True)(torch.zeros(2, 7, 3))
    >>> output.shape, h.shape, c.shape
    (torch.Size([2, 7, 5]), torch.Size([2, 2, 5]), torch.Size([2, 2, 5]))
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__("LSTM", *args, **kwargs)


class GRU(RNNBase):
    """Gated recurrent units (Cho et al., 2014) in ``num_layers`` layers; see `RNN`."""

    def __init__(self, *args: Any, **kwargs: Any):
        _refuse_projection(kwargs)
        super().__init__("GRU", *args, **kwargs)


# -- cells ---------------------------------------------------------------------------------------------------

_CELLS: dict[str, Any] = {
    "RNN_TANH": rnn_tanh_cell,
    "RNN_RELU": rnn_relu_cell,
    "LSTM": lstm_cell,
    "GRU": gru_cell,
}


class RNNCellBase(Module):
    """One step of a recurrent network."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        made = {"device": device, "dtype": dtype}
        rows = num_chunks * hidden_size
        self.weight_ih = Parameter(empty((rows, input_size), **made))
        self.weight_hh = Parameter(empty((rows, hidden_size), **made))
        self.register_parameter("bias_ih", Parameter(empty(rows, **made)) if bias else None)
        self.register_parameter("bias_hh", Parameter(empty(rows, **made)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all weights anew, uniformly within 1 / sqrt(hidden_size)."""
        _reset(self, self.hidden_size)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.__dict__.get("nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text

    def _step(self, mode: str, input: Any, hx: Any) -> Any:
        title = type(self).__name__
        if input.dim() not in (1, 2):
            raise ValueError(f"{title}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        pair = isinstance(hx, (tuple, list))
        for i, state in enumerate(hx if pair else [hx] if hx is not None else []):
            if state.dim() not in (1, 2):
                what = f"hx[{i}]" if pair else "hidden"
                raise ValueError(f"{title}: Expected {what} to be 1D or 2D, got {state.dim()}D instead")
        batched = input.dim() == 2
        if not batched:
            input = input.unsqueeze(0)
            hx = None if hx is None else _each(hx, lambda t: t.unsqueeze(0))
        if hx is None:
            hx = zeros((input.size(0), self.hidden_size), dtype=input.dtype)
            hx = (hx, hx) if mode == "LSTM" else hx
        out = _CELLS[mode](input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return out if batched else _each(out, lambda t: t.squeeze(0))


class RNNCell(RNNCellBase):
    """One step of `RNN`: (N, input_size) and the state (N, hidden_size) to the next state.

    >>> import rushlight as torch
    >>> torch.nn.RNNCell(3, 5)(torch.zeros(2, 3)).shape
    torch.Size([2, 5])
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Any:
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return self._step(f"RNN_{self.nonlinearity.upper()}", input, hx)


class LSTMCell(RNNCellBase):
    """One step of `LSTM`: (N, input_size) and the states (hidden, cell) to the next ones."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        return self._step("LSTM", input, hx)


class GRUCell(RNNCellBase):
    """One step of `GRU`: (N, input_size) and the state (N, hidden_size) to the next state."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        return self._step("GRU", input, hx)
