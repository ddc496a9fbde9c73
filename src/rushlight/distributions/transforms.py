"""Transforms: functions with inverses and Jacobians, of which distributions are made from others.

>>> import rushlight as torch
>>> torch.distributions.transforms.TanhTransform().sign
1
"""

from .._standin.missing import refuse_other_names as _refuse_other_names
from ._elementwise_transforms import AbsTransform as AbsTransform
from ._elementwise_transforms import AffineTransform as AffineTransform
from ._elementwise_transforms import CumulativeDistributionTransform as CumulativeDistributionTransform
from ._elementwise_transforms import ExpTransform as ExpTransform
from ._elementwise_transforms import PowerTransform as PowerTransform
from ._elementwise_transforms import SigmoidTransform as SigmoidTransform
from ._elementwise_transforms import SoftplusTransform as SoftplusTransform
from ._elementwise_transforms import TanhTransform as TanhTransform
from ._joined_transforms import CatTransform as CatTransform
from ._joined_transforms import StackTransform as StackTransform
from ._matrix_transforms import CorrCholeskyTransform as CorrCholeskyTransform
from ._matrix_transforms import LowerCholeskyTransform as LowerCholeskyTransform
from ._matrix_transforms import PositiveDefiniteTransform as PositiveDefiniteTransform
from ._matrix_transforms import ReshapeTransform as ReshapeTransform
from ._matrix_transforms import SoftmaxTransform as SoftmaxTransform
from ._matrix_transforms import StickBreakingTransform as StickBreakingTransform
from ._transform import ComposeTransform as ComposeTransform
from ._transform import IndependentTransform as IndependentTransform
from ._transform import Transform as Transform
from ._transform import identity_transform as identity_transform

_refuse_other_names(globals())
