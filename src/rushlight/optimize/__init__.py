"""Minimisation by SciPy's methods, with derivatives that are exact. PyTorch has nothing of this name.

SciPy is an optional package (``pip install 'rushlight[scipy]'``), loaded when something is minimised.

>>> import rushlight as torch
>>> from rushlight.optimize import minimize
>>> found = minimize(lambda x: ((x - torch.tensor([1.0, 2.0])) ** 2).sum(), torch.zeros(2))
>>> found.x
tensor([1., 2.])
"""

from ._minimize import minimize as minimize
from ._result import IntermediateResult as IntermediateResult
from ._result import OptimizeResult as OptimizeResult

__all__ = ["IntermediateResult", "OptimizeResult", "minimize"]
