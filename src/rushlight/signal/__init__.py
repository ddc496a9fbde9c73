"""`torch.signal`: what signal processing needs, for now its windows.

>>> import rushlight as torch
>>> torch.signal.windows.hann(3)
tensor([0., 1., 0.])
"""

from .._standin.missing import refuse_other_names as _refuse_other_names
from . import windows as windows

_refuse_other_names(globals())
