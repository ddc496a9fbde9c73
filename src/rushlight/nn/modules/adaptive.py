"""A softmax over many classes, most of them rare (Grave et al., 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ..._ops.joining import cat
from .. import functional as F
from .container import ModuleList, Sequential
from .linear import Linear
from .module import Module


class _ASMoutput(NamedTuple):
    output: Any
    loss: Any


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log-probabilities of target classes, the frequent of which are told apart first: classes in order of frequency.

    cutoffs: where the clusters of rarer classes begin; the maps to cluster i have in_features / div_value**i features
    within. Input (N, in_features) and target (N,) give the log-probabilities (N,) of the targets and minus their mean.
    ValueError for cutoffs that are not increasing or outside of the classes, RuntimeError for targets that are none.

    >>> import rushlight as torch
    >>> layer = torch.nn.AdaptiveLogSoftmaxWithLoss(16, 20, cutoffs=[4, 10])
    >>> out, loss = layer(torch.zeros(3, 16), torch.tensor([0, 5, 19]))
    >>> out.shape, layer.log_prob(torch.zeros(3, 16)).shape
    (torch.Size([3]), torch.Size([3, 20]))
    """

    def __init__(
        self, in_features: int, n_classes: int, cutoffs: Sequence[int], div_value: float = 4.0,
        head_bias: bool = False, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        cuts = list(cutoffs)
        if not cuts:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        increasing = all(a < b for a, b in pairwise([0, *cuts, n_classes]))
        if not increasing or any(int(c) != c for c in cuts):
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value "
                "is between 1 and n_classes-1"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cuts, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = cuts[0]
        self.n_clusters = len(cuts)
        self.head_size = self.shortlist_size + self.n_clusters
        made = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias, **made)
        self.tail = ModuleList()
        for i, (start, end) in enumerate(pairwise(self.cutoffs), 1):
            within = int(in_features // (div_value**i))
            self.tail.append(
                Sequential(
                    Linear(in_features, within, bias=False, **made), Linear(within, end - start, bias=False, **made)
                )
            )

    def reset_parameters(self) -> None:
        """Draw all weights anew."""
        self.head.reset_parameters()
        for near, far in self.tail:
            near.reset_parameters()
            far.reset_parameters()

    def forward(self, input_: Any, target_: Any) -> _ASMoutput:
        single = target_.dim() == 0
        if target_.dim() > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if not single and input_.size(0) != target_.size(0):
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        if input_.dim() != (1 if single else 2):
            raise RuntimeError(
                f"{'0D' if single else '1D'} target tensor expects {'1D' if single else '2D'} input tensors, but found "
                f"inputs with size {input_.size()}"
            )
        input, target = (input_.unsqueeze(0), target_.unsqueeze(0)) if single else (input_, target_)
        if len(target) and not (target.min() >= 0 and target.max() < self.n_classes):
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range [{target.min().item()}, "
                f"{target.max().item()}] were found. "
            )
        # The class within the head: itself, or its cluster.
        place = target
        output = input.new_zeros(len(target))
        for i, (start, end) in enumerate(pairwise(self.cutoffs)):
            rows = ((target >= start) & (target < end)).nonzero().squeeze(1)
            if len(rows):
                place = place.index_fill(0, rows, self.shortlist_size + i)
                scores = F.log_softmax(self.tail[i](input[rows]), dim=1)
                found = scores.gather(1, (target[rows] - start).unsqueeze(1)).squeeze(1)
                output = output.index_copy(0, rows, found)
        head = F.log_softmax(self.head(input), dim=1)
        output = output + head.gather(1, place.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return _ASMoutput(output.squeeze(0) if single else output, loss)

    def log_prob(self, input: Any) -> Any:
        """The log-probabilities of all classes: (N, in_features) to (N, n_classes)."""
        head = F.log_softmax(self.head(input), dim=1)
        parts = [head[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail, self.shortlist_size):
            parts.append(F.log_softmax(tail(input), dim=1) + head[:, i].unsqueeze(1))
        return cat(parts, 1)

    def predict(self, input: Any) -> Any:
        """The most probable class of each row: (N, in_features) to (N,).

        Where the head finds a frequent class more probable than every cluster, no cluster is looked at.
        """
        output = self.head(input).argmax(dim=1)
        rows = (output >= self.shortlist_size).nonzero().squeeze(1)
        if len(rows):
            output = output.index_copy(0, rows, self.log_prob(input[rows]).argmax(dim=1))
        return output
