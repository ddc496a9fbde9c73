"""The layers, by kind."""

from .container import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from .linear import Bilinear, Identity, Linear
from .module import Module

__all__ = [
    "Bilinear", "Identity", "Linear", "Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList",
    "Sequential",
]  # fmt: skip
