"""The operations: one file for each family; composites are plain functions over them.

Importing this package completes the `Tensor` class: every registered method is attached here.
"""

from .._core import autograd_methods as autograd_methods
from .._core.registry import METHODS
from .._core.tensor import Tensor
from . import activation as activation
from . import addmm as addmm
from . import advanced_indexing as advanced_indexing
from . import arguments as arguments
from . import arithmetic as arithmetic
from . import attention as attention
from . import bent_activations as bent_activations
from . import bitwise as bitwise
from . import blending as blending
from . import broadcasting as broadcasting
from . import classification_loss as classification_loss
from . import comparison as comparison
from . import complex as complex
from . import conversion as conversion
from . import convolution as convolution
from . import creation as creation
from . import cumulative as cumulative
from . import dims as dims
from . import distance as distance
from . import dropout as dropout
from . import einsum as einsum
from . import elementwise as elementwise
from . import embedding as embedding
from . import extremum as extremum
from . import fractional_pooling as fractional_pooling
from . import gather_scatter as gather_scatter
from . import index_along as index_along
from . import indexing as indexing
from . import joining as joining
from . import linear as linear
from . import linear_algebra as linear_algebra
from . import loss as loss
from . import margin_loss as margin_loss
from . import masking as masking
from . import matmul as matmul
from . import multilabel_loss as multilabel_loss
from . import normalization as normalization
from . import norms as norms
from . import order_statistics as order_statistics
from . import ordering as ordering
from . import padding as padding
from . import pairwise as pairwise
from . import parts as parts
from . import pooling as pooling
from . import power as power
from . import power_pooling as power_pooling
from . import probability_loss as probability_loss
from . import products as products
from . import publish as publish
from . import quick as quick
from . import random as random
from . import rearranging as rearranging
from . import reduction as reduction
from . import resampling as resampling
from . import response_norm as response_norm
from . import rounding as rounding
from . import scatter_reduce as scatter_reduce
from . import selecting as selecting
from . import selection as selection
from . import shuffling as shuffling
from . import smooth_activations as smooth_activations
from . import softmax as softmax
from . import special as special
from . import splitting as splitting
from . import statistics as statistics
from . import titles as titles
from . import transposing as transposing
from . import unfolding as unfolding
from . import unpooling as unpooling
from . import view as view
from . import view_inplace as view_inplace
from . import windows as windows
from . import writing as writing

for _name, _method in METHODS.items():
    setattr(Tensor, _name, _method)
