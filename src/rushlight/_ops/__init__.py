"""The operations: one file for each family; composites are plain functions over them.

Importing this package completes the `Tensor` class: every registered method is attached here.
"""

from .._core import autograd_methods as autograd_methods
from .._core.registry import METHODS
from .._core.tensor import Tensor
from . import arithmetic as arithmetic
from . import conversion as conversion
from . import creation as creation
from . import cumulative as cumulative
from . import extremum as extremum
from . import matmul as matmul
from . import norms as norms
from . import order_statistics as order_statistics
from . import ordering as ordering
from . import random as random
from . import reduction as reduction
from . import statistics as statistics
from . import view as view

for _name, _method in METHODS.items():
    setattr(Tensor, _name, _method)
