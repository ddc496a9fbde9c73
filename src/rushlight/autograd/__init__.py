"""Automatic differentiation: gradients, derivatives written by hand, higher derivatives, checks.

>>> import rushlight as torch
>>> x = torch.tensor(2.0, requires_grad=True)
>>> torch.autograd.grad(x**3, x)
(tensor(12.),)
"""

import typing as _typing

from .._core.modes import enable_grad as enable_grad
from .._core.modes import inference_mode as inference_mode
from .._core.modes import no_grad as no_grad
from .._core.modes import set_grad_enabled as set_grad_enabled
from . import anomaly_mode as anomaly_mode
from . import function as function
from . import functional as functional
from . import grad_mode as grad_mode
from . import graph as graph
from . import variable as variable
from ._differentiate import backward as backward
from ._differentiate import grad as grad
from .anomaly_mode import detect_anomaly as detect_anomaly
from .anomaly_mode import set_detect_anomaly as set_detect_anomaly
from .function import Function as Function
from .grad_mode import is_multithreading_enabled as is_multithreading_enabled
from .grad_mode import set_multithreading_enabled as set_multithreading_enabled
from .gradcheck import gradcheck as gradcheck
from .gradcheck import gradgradcheck as gradgradcheck
from .variable import Variable as Variable

if _typing.TYPE_CHECKING:
    from . import forward_ad as forward_ad
else:  # a checker would take it that every name is there

    def __getattr__(name: str) -> _typing.Any:
        if name == "forward_ad":  # it stands on the transforms, which most programs do without
            from importlib import import_module

            return import_module(f"{__name__}.forward_ad")
        from .._standin.missing import missing_attribute

        raise missing_attribute(__name__, name)
