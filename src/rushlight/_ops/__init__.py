"""The operations: one file for each family; composites are plain functions over them.

Importing this package completes the `Tensor` class: every registered method is attached here.
"""

from .._core import autograd_methods
from .._core.registry import METHODS
from .._core.tensor import Tensor
from . import arithmetic, conversion, creation, matmul, reduction, view

for _name, _method in METHODS.items():
    setattr(Tensor, _name, _method)

__all__ = ["arithmetic", "autograd_methods", "conversion", "creation", "matmul", "reduction", "view"]
