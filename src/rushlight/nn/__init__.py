"""Layers and networks: `Module` and what is built from it."""

from typing import Any as _Any

from .._standin.missing import missing_attribute as _missing_attribute
from . import functional as functional
from . import init as init
from . import modules as modules
from . import parameter as parameter
from . import utils as utils
from .modules import *  # noqa: F403
from .parameter import Buffer as Buffer
from .parameter import Parameter as Parameter


def __getattr__(name: str) -> _Any:
    raise _missing_attribute(__name__, name)
