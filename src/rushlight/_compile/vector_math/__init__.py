"""Mathematics on vectors: what LLVM has no instruction for, in float32 and float64.

Each function takes and gives `Vec`s and writes its operations through their emitter. The error is below 4 units in the
last place everywhere (below 2.5 for nearly all; tests/compile/test_vector_math.py holds each function to its bound),
with infinities, nan, signed zeros, denormals and the edges of the range right. Polynomials are minimax fits made by
tools/minimax.py; the arrangements are the known ones, cited where they stand.
"""

from .error_function import erf as erf
from .error_function import erfc as erfc
from .error_function import erfinv as erfinv
from .exponential import acosh as acosh
from .exponential import asinh as asinh
from .exponential import atanh as atanh
from .exponential import cosh as cosh
from .exponential import exp as exp
from .exponential import exp2 as exp2
from .exponential import expm1 as expm1
from .exponential import log as log
from .exponential import log1p as log1p
from .exponential import log1p_exp as log1p_exp
from .exponential import log2 as log2
from .exponential import log10 as log10
from .exponential import pow as pow
from .exponential import pow_constant as pow_constant
from .exponential import rsqrt as rsqrt
from .exponential import sigmoid as sigmoid
from .exponential import sinh as sinh
from .exponential import tanh as tanh
from .trigonometric import acos as acos
from .trigonometric import asin as asin
from .trigonometric import atan as atan
from .trigonometric import atan2 as atan2
from .trigonometric import cos as cos
from .trigonometric import sin as sin
from .trigonometric import tan as tan
