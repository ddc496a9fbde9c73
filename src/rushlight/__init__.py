"""Rushlight: a tensor library with automatic differentiation that speaks PyTorch's interface.

>>> import rushlight as torch
>>> x = torch.tensor(3.0, requires_grad=True)
>>> (x**2).backward()
>>> x.grad
tensor(6.)
"""

import typing as _typing

from . import _ops as _ops
from ._core import dtypes as _dtypes
from ._core import ending as _ending
from ._core.device import device as device
from ._core.dtypes import can_cast as can_cast
from ._core.dtypes import dtype as dtype
from ._core.dtypes import get_default_dtype as get_default_dtype
from ._core.dtypes import promote_types as promote_types
from ._core.dtypes import set_default_dtype as set_default_dtype
from ._core.formatting import set_printoptions as set_printoptions
from ._core.large import get_num_threads as get_num_threads
from ._core.large import set_num_threads as set_num_threads
from ._core.layout import channels_last as channels_last
from ._core.layout import channels_last_3d as channels_last_3d
from ._core.layout import contiguous_format as contiguous_format
from ._core.layout import layout as layout
from ._core.layout import memory_format as memory_format
from ._core.layout import preserve_format as preserve_format
from ._core.layout import sparse_coo as sparse_coo
from ._core.layout import sparse_csr as sparse_csr
from ._core.layout import strided as strided
from ._core.modes import enable_grad as enable_grad
from ._core.modes import inference_mode as inference_mode
from ._core.modes import is_grad_enabled as is_grad_enabled
from ._core.modes import is_inference_mode_enabled as is_inference_mode_enabled
from ._core.modes import no_grad as no_grad
from ._core.modes import set_grad_enabled as set_grad_enabled
from ._core.numeric import e as e
from ._core.numeric import finfo as finfo
from ._core.numeric import iinfo as iinfo
from ._core.numeric import inf as inf
from ._core.numeric import nan as nan
from ._core.numeric import newaxis as newaxis
from ._core.numeric import pi as pi
from ._core.random.generator import Generator as Generator
from ._core.random.generator import default_generator as default_generator
from ._core.registry import NAMESPACES as _NAMESPACES
from ._core.settings import are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled
from ._core.settings import get_default_device as get_default_device
from ._core.settings import get_float32_matmul_precision as get_float32_matmul_precision
from ._core.settings import (
    is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled,
)
from ._core.settings import set_default_device as set_default_device
from ._core.settings import set_float32_matmul_precision as set_float32_matmul_precision
from ._core.settings import use_deterministic_algorithms as use_deterministic_algorithms
from ._core.tensor import Size as Size
from ._core.tensor import Tensor as Tensor
from ._core.typename import typename as typename
from ._ops.gamma_variates import _sample_dirichlet as _sample_dirichlet
from ._ops.gamma_variates import _standard_gamma as _standard_gamma
from ._standin.missing import NotSupported as NotSupported
from .serialization import load as load
from .serialization import save as save

# The version of PyTorch whose behaviour this is.
__version__ = "2.13.0"
__rushlight__ = True

if _typing.TYPE_CHECKING:
    from ._compile.api import compile as compile
    from ._stubs.torch import *  # noqa: F403
    from .amp import GradScaler as GradScaler
    from .amp import autocast as autocast
    from .func import vmap as vmap

# The dtypes, the numeric constants, the operations and the typed constructors are listed where they are defined, and only there.
globals().update({d.name: d for d in _dtypes.ALL})
globals().update(_dtypes.ALIASES)
globals().update(_ops.tensor_types.TENSOR_TYPES)
globals().update(_NAMESPACES["torch"])
_ending.explain_at_the_end()

if not _typing.TYPE_CHECKING:  # a checker would take it that every name is there

    def __getattr__(name: str) -> _typing.Any:
        # Public subpackages load when first used: most programs need few of them, and importing is to be quick.
        from importlib import import_module
        from importlib.util import find_spec

        if name == "vmap":  # PyTorch has it in both places
            return import_module(f"{__name__}.func").vmap
        if name == "autocast":
            return import_module(f"{__name__}.amp").autocast
        if name == "GradScaler":
            return import_module(f"{__name__}.amp").GradScaler
        if name == "compile":
            return import_module(f"{__name__}._compile.api").compile
        if not name.startswith("_") and find_spec(f"{__name__}.{name}") is not None:
            return import_module(f"{__name__}.{name}")
        from ._standin.missing import missing_attribute

        raise missing_attribute(__name__, name)


def __dir__() -> list[str]:
    from pkgutil import iter_modules

    return sorted({*globals(), *(module.name for module in iter_modules(__path__))})  # noqa: F405
