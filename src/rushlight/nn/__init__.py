"""Layers and networks: `Module` and what is built from it."""

from .._ops.linear_cross_entropy import LinearCrossEntropyOptions as LinearCrossEntropyOptions
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import attention as attention
from . import functional as functional
from . import init as init
from . import modules as modules
from . import parallel as parallel
from . import parameter as parameter
from . import utils as utils
from .modules import *  # noqa: F403
from .parallel import DataParallel as DataParallel
from .parameter import Buffer as Buffer
from .parameter import Parameter as Parameter
from .parameter import UninitializedBuffer as UninitializedBuffer
from .parameter import UninitializedParameter as UninitializedParameter

_refuse_other_names(globals())
