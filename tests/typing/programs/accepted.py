"""A program as users write it, with the types that a checker is to find. It is checked, and run."""

from collections.abc import Iterator
from typing import assert_type

import rushlight as torch
from rushlight import Tensor, nn
from rushlight.nn import functional as F

# -- functions and methods that are made from the records ------------------------------------------------------------

x = torch.randn(3, 4, requires_grad=True)
assert_type(x, Tensor)
assert_type(torch.sin(x), Tensor)
assert_type(torch.add(x, 1, alpha=2), Tensor)
assert_type(torch.sum(x, dim=0, keepdim=True), Tensor)
assert_type(torch.sin(x.detach(), out=torch.empty(3, 4)), Tensor)
assert_type(x.sin().sum(dim=0, keepdim=True), Tensor)
assert_type(x.expand(2, 3, 4), Tensor)
assert_type(x.expand((2, 3, 4)), Tensor)
assert_type(x.reshape(-1).split(6), tuple[Tensor, ...])
assert_type(torch.zeros(2, dtype=torch.float64).exp_(), Tensor)
x.sin().sum().backward()
assert_type(x.grad, Tensor | None)

# -- what tensors are, and operators ---------------------------------------------------------------------------------

assert_type(x.shape, torch.Size)
assert_type(x.dtype, torch.dtype)
assert_type(x.requires_grad, bool)
assert_type(x.T, Tensor)
assert_type(x.dim(), int)
assert_type(2 * x + x @ x.T.mean() ** 2 - x[0] / 3 if x.dim() == 3 else -x, Tensor)
assert_type(x == x, Tensor)
assert_type(x > 0, Tensor)
assert_type(iter(x), Iterator[Tensor])
assert_type(len(x), int)
with torch.no_grad():
    x += 1
    x[0] = 0.0
    x.requires_grad = False
torch.int, torch.float, torch.bool

# -- the other namespaces --------------------------------------------------------------------------------------------

assert_type(F.relu(x, inplace=False), Tensor)
assert_type(torch.nn.functional.mse_loss(x, x), Tensor)
assert_type(torch.linalg.det(x @ x.T), Tensor)
assert_type(torch.fft.fft(x), Tensor)
assert_type(torch.special.erf(x), Tensor)
assert_type(torch.masked.sum(x, mask=x > 0), Tensor)
assert_type(torch.signal.windows.hann(4), Tensor)

# -- a network and its training --------------------------------------------------------------------------------------


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.second = torch.nn.Linear(8, 1)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        hidden: Tensor = self.first(x)
        y: Tensor = self.second(hidden.relu())
        return y * self.scale


@torch.no_grad()
def error(model: Network, x: Tensor) -> float:
    return float(model(x).square().mean())


model = Network()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
for _ in range(2):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), torch.zeros(3, 1))
    loss.backward()
    optimizer.step()
    schedule.step()
assert_type(error(model, x), float)
