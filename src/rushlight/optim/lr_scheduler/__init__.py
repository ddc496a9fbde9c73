"""Schedules of learning rates: each changes an optimizer's ``lr`` when its ``step`` is called after an epoch."""

from ..._standin.missing import refuse_other_names as _refuse_other_names
from ._base import LRScheduler as LRScheduler
from ._composite import ChainedScheduler as ChainedScheduler
from ._composite import SequentialLR as SequentialLR
from ._cosine import CosineAnnealingLR as CosineAnnealingLR
from ._cosine import CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts
from ._cycles import CyclicLR as CyclicLR
from ._cycles import OneCycleLR as OneCycleLR
from ._decay import ConstantLR as ConstantLR
from ._decay import ExponentialLR as ExponentialLR
from ._decay import LambdaLR as LambdaLR
from ._decay import LinearLR as LinearLR
from ._decay import MultiplicativeLR as MultiplicativeLR
from ._decay import MultiStepLR as MultiStepLR
from ._decay import PolynomialLR as PolynomialLR
from ._decay import StepLR as StepLR
from ._plateau import ReduceLROnPlateau as ReduceLROnPlateau


class _LRScheduler(LRScheduler):
    """The base class under its name of old."""


_refuse_other_names(globals())
