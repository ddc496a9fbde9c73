"""Mistakes, each of which a checker is to refuse with the code that its line names. Nobody runs it."""

import rushlight as torch
from rushlight import Tensor, nn

x = torch.randn(3)
torch.sinn(x)  # refused: attr-defined
x.sinn()  # refused: attr-defined
x.grda  # refused: attr-defined
torch.sin()  # refused: call-arg
torch.sin(x, output=x)  # refused: call-arg
torch.sum(x, keep_dim=True)  # refused: call-arg
x.sum(keepdim="yes")  # refused: arg-type
x.flatten("0")  # refused: arg-type
torch.sin("x")  # refused: arg-type
number: int = x.sin()  # refused: assignment
x.ndim = 3  # refused: misc
torch.float23  # refused: attr-defined
nn.Linea(2, 3)  # refused: attr-defined
nn.Linear()  # refused: call-arg
torch.optim.SDG([x])  # refused: attr-defined
torch.nn.functional.rleu(x)  # refused: attr-defined
torch.nn.functional.relu(x, inplaec=True)  # refused: call-arg
torch.linalg.dett(x)  # refused: attr-defined
torch.fft.ffft(x)  # refused: attr-defined
torch.special.erff(x)  # refused: attr-defined
torch.no_such_module.f  # refused: attr-defined


def half(x: Tensor) -> Tensor:
    return x.item  # refused: return-value
