"""The functions of `rushlight.nn.functional`.

Written by tools/make_stubs.py from the records of the operations: `make stubs` writes it anew. Do not edit.
"""

from collections.abc import Callable
from typing import Any
import builtins
from .._core.tensor import Tensor

def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """The means of parts of the last 1 dimensions, cut so that ``output_size`` parts result."""
def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """The means of parts of the last 2 dimensions, cut so that ``output_size`` parts result."""
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """The means of parts of the last 3 dimensions, cut so that ``output_size`` parts result."""
def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: builtins.bool = False) -> Any:
    """The largest elements of parts of the last 1 dimensions, cut so that ``output_size`` parts result."""
def adaptive_max_pool1d_with_indices(input: Tensor, output_size: Any, return_indices: builtins.bool = True) -> Any:
    """`adaptive_max_pool1d` and where each element was, in the flat plane."""
def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: builtins.bool = False) -> Any:
    """The largest elements of parts of the last 2 dimensions, cut so that ``output_size`` parts result."""
def adaptive_max_pool2d_with_indices(input: Tensor, output_size: Any, return_indices: builtins.bool = True) -> Any:
    """`adaptive_max_pool2d` and where each element was, in the flat plane."""
def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: builtins.bool = False) -> Any:
    """The largest elements of parts of the last 3 dimensions, cut so that ``output_size`` parts result."""
def adaptive_max_pool3d_with_indices(input: Tensor, output_size: Any, return_indices: builtins.bool = True) -> Any:
    """`adaptive_max_pool3d` and where each element was, in the flat plane."""
def affine_grid(theta: Tensor, size: Any, align_corners: builtins.bool | None = None) -> Tensor:
    """The positions that affine maps ``theta`` (N, 2, 3) give the pixels of images of ``size`` (N, C, H, W): (N, H, W, 2)."""
def alpha_dropout(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = False, inplace: builtins.bool = False) -> Tensor:
    """Dropout for networks of `selu`: mean 0 and variance 1 stay. (Klambauer et al. 2017, arXiv:1706.02515.)"""
def avg_pool1d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: builtins.bool = False, count_include_pad: builtins.bool = True) -> Tensor:
    """The mean of each window that slides over the last 1 dimensions."""
def avg_pool2d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: builtins.bool = False, count_include_pad: builtins.bool = True, divisor_override: builtins.int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The mean of each window that slides over the last 2 dimensions."""
def avg_pool3d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: builtins.bool = False, count_include_pad: builtins.bool = True, divisor_override: builtins.int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The mean of each window that slides over the last 3 dimensions."""
def batch_norm(input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None, bias: Tensor | None = None, training: builtins.bool = False, momentum: builtins.float = 0.1, eps: builtins.float = 1e-05) -> Tensor:
    """Each channel (dimension 1) brought to mean 0 and variance 1 over all other dimensions."""
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output feature k."""
def binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``-(t * log(p) + (1 - t) * log(1 - p))`` for probabilities p in [0, 1] and targets t in [0, 1]."""
def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', pos_weight: Tensor | None = None) -> Tensor:
    """`binary_cross_entropy` of ``sigmoid(input)``, computed without overflow or cancellation."""
def celu(input: Tensor, alpha: builtins.float = 1.0, inplace: builtins.bool = False) -> Tensor:
    """Each element, ``alpha * (exp(x / alpha) - 1)`` for negative ones. (Barron 2017, arXiv:1704.07483.)"""
def celu_(input: Tensor, alpha: builtins.float = 1.0) -> Tensor:
    """In-place form of `celu`."""
def channel_shuffle(input: Tensor, groups: builtins.int) -> Tensor:
    """(N, C, ...) with the channels of ``groups`` groups interleaved: the first of each, then the second of each."""
def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: builtins.int = 1) -> Tensor:
    """The products of ``weight`` with all windows of ``input``, summed (a cross-correlation)."""
def conv_transpose1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv1d`: each element spread over a window, all added up."""
def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv2d`: each element spread over a window, all added up."""
def conv_transpose3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: builtins.int = 1, dilation: Any = 1) -> Tensor:
    """The transpose of `conv3d`: each element spread over a window, all added up."""
def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: builtins.float = 0, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``1 - cos`` where the target is 1, ``max(0, cos - margin)`` where it is -1."""
def cosine_similarity(x1: Tensor, x2: Tensor, dim: builtins.int = 1, eps: builtins.float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along ``dim``; norms below ``eps`` count as ``eps``."""
def cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: builtins.bool | None = None, ignore_index: builtins.int = -100, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', label_smoothing: builtins.float = 0.0) -> Tensor:
    """The cross-entropy of the softmax of ``input`` from the target."""
def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: builtins.int = 0, reduction: builtins.str = 'mean', zero_infinity: builtins.bool = False) -> Tensor:
    """Minus the log-probability of each target, over all ways in which the input can spell it."""
def dropout(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = True, inplace: builtins.bool = False) -> Tensor:
    """Each element set to zero with probability ``p``, the others divided by ``1 - p``."""
def dropout1d(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = True, inplace: builtins.bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, L) or (C, L). (Tompson et al. 2015, arXiv:1411.4280.)"""
def dropout2d(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = True, inplace: builtins.bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, H, W)."""
def dropout3d(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = True, inplace: builtins.bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, D, H, W) or (C, D, H, W)."""
def elu(input: Tensor, alpha: builtins.float = 1.0, inplace: builtins.bool = False) -> Tensor:
    """Each element, ``alpha * (exp(x) - 1)`` for negative ones. (Clevert et al. 2015, arXiv:1511.07289.)"""
def elu_(input: Tensor, alpha: builtins.float = 1.0) -> Tensor:
    """In-place form of `elu`."""
def embedding(input: Tensor, weight: Tensor, padding_idx: builtins.int | None = None, max_norm: builtins.float | None = None, norm_type: builtins.float = 2.0, scale_grad_by_freq: builtins.bool = False, sparse: builtins.bool = False) -> Tensor:
    """The rows of ``weight`` (n, d) at the indices in ``input``, of any shape (...): (..., d)."""
def embedding_bag(input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: builtins.float | None = None, norm_type: builtins.float = 2.0, scale_grad_by_freq: builtins.bool = False, mode: builtins.str = 'mean', sparse: builtins.bool = False, per_sample_weights: Tensor | None = None, include_last_offset: builtins.bool = False, padding_idx: builtins.int | None = None) -> Tensor:
    """Sums, means or maxima of the rows of ``weight`` (n, d) that each bag of indices names: (bags, d)."""
def feature_alpha_dropout(input: Tensor, p: builtins.float = 0.5, training: builtins.bool = False, inplace: builtins.bool = False) -> Tensor:
    """`alpha_dropout` of whole channels, (N, C, ...)."""
def fold(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The blocks of (N, C · places, blocks) added up, each at its place: (N, C, *output_size); N may be absent."""
def fractional_max_pool2d(input: Tensor, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: builtins.bool = False, _random_samples: Any = None) -> Any:
    """The largest elements of windows whose steps are drawn so that ``output_size`` of them fit."""
def fractional_max_pool2d_with_indices(input: Tensor, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: builtins.bool = True, _random_samples: Any = None) -> Any:
    """`fractional_max_pool2d` and where each element was, in the flat plane."""
def fractional_max_pool3d(input: Tensor, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: builtins.bool = False, _random_samples: Any = None) -> Any:
    """The largest elements of windows whose steps are drawn so that ``output_size`` of them fit."""
def fractional_max_pool3d_with_indices(input: Tensor, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: builtins.bool = True, _random_samples: Any = None) -> Any:
    """`fractional_max_pool3d` and where each element was, in the flat plane."""
def gaussian_nll_loss(input: Tensor, target: Tensor, var: Tensor | builtins.float, full: builtins.bool = False, eps: builtins.float = 1e-06, reduction: builtins.str = 'mean') -> Tensor:
    """The negative log-likelihood of ``target`` under normal distributions of mean ``input`` and variance ``var``."""
def gelu(input: Tensor, *, approximate: builtins.str = 'none', out: Tensor | None = None) -> Tensor:
    """``x`` times the probability that a normal number is below ``x``; ``approximate="tanh"``: nearly that."""
def glu(input: Tensor, dim: builtins.int = -1) -> Tensor:
    """The first half along ``dim`` times the sigmoid of the second half. (Dauphin et al. 2016, arXiv:1612.08083.)"""
def grid_sample(input: Tensor, grid: Tensor, mode: builtins.str = 'bilinear', padding_mode: builtins.str = 'zeros', align_corners: builtins.bool | None = None) -> Tensor:
    """``input`` (N, C, H, W) read at the positions in ``grid`` (N, h, w, 2): (N, C, h, w). Volumes have one more each."""
def group_norm(input: Tensor, num_groups: builtins.int, weight: Tensor | None = None, bias: Tensor | None = None, eps: builtins.float = 1e-05) -> Tensor:
    """Each group of channels of each item brought to mean 0 and variance 1."""
def gumbel_softmax(logits: Tensor, tau: builtins.float = 1, hard: builtins.bool = False, eps: builtins.float = 1e-10, dim: builtins.int = -1) -> Tensor:
    """A random, differentiable choice: the softmax of ``(logits + noise) / tau``, the noise Gumbel's."""
def hardshrink(input: Tensor, lambd: builtins.float = 0.5) -> Tensor:
    """Each element, 0 in the place of those between ``-lambd`` and ``lambd``."""
def hardsigmoid(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """``x / 6 + 1 / 2`` cut off at 0 and 1."""
def hardswish(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """``x`` times its `hardsigmoid`. (Howard et al. 2019, arXiv:1905.02244.)"""
def hardtanh(input: Tensor, min_val: builtins.float = -1.0, max_val: builtins.float = 1.0, inplace: builtins.bool = False) -> Tensor:
    """Each element cut off at ``min_val`` and ``max_val``."""
def hardtanh_(input: Tensor, min_val: builtins.float = -1.0, max_val: builtins.float = 1.0) -> Tensor:
    """In-place form of `hardtanh`."""
def hinge_embedding_loss(input: Tensor, target: Tensor, margin: builtins.float = 1.0, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``input`` where the target is 1, ``max(0, margin - input)`` where it is -1."""
def huber_loss(input: Tensor, target: Tensor, reduction: builtins.str = 'mean', delta: builtins.float = 1.0, weight: Tensor | None = None) -> Tensor:
    """Differences d up to ``delta`` count ``d**2 / 2``, larger ones ``delta * (abs(d) - delta / 2)``."""
def instance_norm(input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: builtins.bool = True, momentum: builtins.float = 0.1, eps: builtins.float = 1e-05) -> Tensor:
    """Each channel of each item brought to mean 0 and variance 1 over its own elements (dimensions 2 on)."""
def interpolate(input: Tensor, size: Any = None, scale_factor: Any = None, mode: builtins.str = 'nearest', align_corners: builtins.bool | None = None, recompute_scale_factor: builtins.bool | None = None, antialias: builtins.bool = False) -> Tensor:
    """``input`` (N, C, ...) with its last dimensions resized, to ``size`` or by ``scale_factor``."""
def kl_div(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', log_target: builtins.bool = False) -> Tensor:
    """The Kullback-Leibler divergence ``t * (log(t) - input)`` of log-probabilities ``input`` from ``target``."""
def l1_loss(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', weight: Tensor | None = None) -> Tensor:
    """The absolute differences: their mean, their sum, or (``"none"``) each of them."""
def layer_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None, eps: builtins.float = 1e-05) -> Tensor:
    """Each item brought to mean 0 and variance 1 over its last dimensions, which ``normalized_shape`` names."""
def leaky_relu(input: Tensor, negative_slope: builtins.float = 0.01, inplace: builtins.bool = False) -> Tensor:
    """Each element, negative ones multiplied by ``negative_slope``."""
def leaky_relu_(input: Tensor, negative_slope: builtins.float = 0.01) -> Tensor:
    """In-place form of `leaky_relu`."""
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None, *, out: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``: (..., in_features) to (..., out_features)."""
def linear_cross_entropy(input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias: Tensor | None = None, weight: Tensor | None = None, reduction: builtins.str = 'mean', ignore_index: builtins.int | None = None, label_smoothing: builtins.float = 0.0, options: Any = None) -> Tensor:
    """`cross_entropy` of the logits ``input @ linear_weight.T + linear_bias``."""
def local_response_norm(input: Tensor, size: builtins.int, alpha: builtins.float = 0.0001, beta: builtins.float = 0.75, k: builtins.float = 1.0) -> Tensor:
    """x / (k + alpha · mean of the squares of ``size`` neighbouring channels)^beta (Krizhevsky et al., 2012)."""
def log_softmax(input: Tensor, dim: builtins.int | None = None, _stacklevel: builtins.int = 3, dtype: Any = None) -> Tensor:
    """`torch.log_softmax`; without ``dim`` a warning, and the first or second dimension."""
def logsigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the sigmoid of each element, precise for large negative ones."""
def lp_pool1d(input: Tensor, norm_type: builtins.float, kernel_size: Any, stride: Any = None, ceil_mode: builtins.bool = False) -> Tensor:
    """The root of the sum of the elements' powers, of each window over the last 1 dimensions."""
def lp_pool2d(input: Tensor, norm_type: builtins.float, kernel_size: Any, stride: Any = None, ceil_mode: builtins.bool = False) -> Tensor:
    """The root of the sum of the elements' powers, of each window over the last 2 dimensions."""
def lp_pool3d(input: Tensor, norm_type: builtins.float, kernel_size: Any, stride: Any = None, ceil_mode: builtins.bool = False) -> Tensor:
    """The root of the sum of the elements' powers, of each window over the last 3 dimensions."""
def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: builtins.float = 0, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``: a target of 1 wants the first to be larger."""
def max_pool1d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = False) -> Any:
    """The largest element of each window that slides over the last 1 dimensions."""
def max_pool1d_with_indices(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = True) -> Any:
    """`max_pool1d` and where each element was, in the flat plane."""
def max_pool2d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = False) -> Any:
    """The largest element of each window that slides over the last 2 dimensions."""
def max_pool2d_with_indices(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = True) -> Any:
    """`max_pool2d` and where each element was, in the flat plane."""
def max_pool3d(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = False) -> Any:
    """The largest element of each window that slides over the last 3 dimensions."""
def max_pool3d_with_indices(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: builtins.bool = False, return_indices: builtins.bool = True) -> Any:
    """`max_pool3d` and where each element was, in the flat plane."""
def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """What `max_pool1d` found put back where it was, zeros elsewhere."""
def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """What `max_pool2d` found put back where it was, zeros elsewhere."""
def max_unpool3d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """What `max_pool3d` found put back where it was, zeros elsewhere."""
def mish(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """``x * tanh(softplus(x))``. (Misra 2019, arXiv:1908.08681.)"""
def mse_loss(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', weight: Tensor | None = None) -> Tensor:
    """The squared differences: their mean, their sum, or (``"none"``) each of them."""
def multi_head_attention_forward(query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: builtins.int, num_heads: builtins.int, in_proj_weight: Tensor | None, in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: builtins.bool, dropout_p: builtins.float, out_proj_weight: Tensor, out_proj_bias: Tensor | None, training: builtins.bool = True, key_padding_mask: Tensor | None = None, need_weights: builtins.bool = True, attn_mask: Tensor | None = None, use_separate_proj_weight: builtins.bool = False, q_proj_weight: Tensor | None = None, k_proj_weight: Tensor | None = None, v_proj_weight: Tensor | None = None, static_k: Tensor | None = None, static_v: Tensor | None = None, average_attn_weights: builtins.bool = True, is_causal: builtins.bool = False) -> builtins.tuple[Tensor, Tensor | None]:
    """What `torch.nn.MultiheadAttention` computes, with its weights as arguments."""
def multi_margin_loss(input: Tensor, target: Tensor, p: builtins.int = 1, margin: builtins.float = 1.0, weight: Tensor | None = None, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``sum(max(0, margin - input[target] + input[c])**p) / C`` over the classes c other than the target."""
def multilabel_margin_loss(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``sum(max(0, 1 - input[t] + input[c])) / C`` over the targets t and the classes c that are none."""
def multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """The binary cross-entropy of each label from logits, averaged over the labels (the last dimension)."""
def nll_loss(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: builtins.bool | None = None, ignore_index: builtins.int = -100, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """Minus the log-probabilities of the target classes."""
def normalize(input: Tensor, p: builtins.float = 2.0, dim: Any = 1, eps: builtins.float = 1e-12, out: Tensor | None = None) -> Tensor:
    """``input`` divided by its p-norm along ``dim``; norms below ``eps`` count as ``eps``."""
def one_hot(tensor: Tensor, num_classes: builtins.int = -1) -> Tensor:
    """For each class number a row of zeros with a one in its place; one more class than the largest number by default."""
def pad(input: Tensor, pad: Any, mode: builtins.str = 'constant', value: Any = None) -> Tensor:
    """``input`` made larger at its ends; negative numbers cut off."""
def pairwise_distance(x1: Tensor, x2: Tensor, p: builtins.float = 2.0, eps: builtins.float = 1e-06, keepdim: builtins.bool = False) -> Tensor:
    """The p-norm of ``x1 - x2 + eps`` along the last dimension."""
def pdist(input: Tensor, p: builtins.float = 2.0) -> Tensor:
    """The p-norm distances of the rows of ``input`` (n, k) from each other: (n (n - 1) / 2,), those of the first row first."""
def pixel_shuffle(input: Tensor, upscale_factor: builtins.int) -> Tensor:
    """(..., C · r², H, W) as (..., C, H · r, W · r): each pixel's channels become r × r pixels (Shi et al., 2016)."""
def pixel_unshuffle(input: Tensor, downscale_factor: builtins.int) -> Tensor:
    """(..., C, H · r, W · r) as (..., C · r², H, W): `pixel_shuffle` undone."""
def poisson_nll_loss(input: Tensor, target: Tensor, log_input: builtins.bool = True, full: builtins.bool = False, size_average: builtins.bool | None = None, eps: builtins.float = 1e-08, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """The negative log-likelihood of counts under Poisson distributions of rate ``exp(input)``."""
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`leaky_relu` with slopes that can be learned: one for all, or one for each channel (dimension 1)."""
def relu(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """The larger one of each element and 0."""
def relu6(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """Each element cut off at 0 and 6."""
def relu_(input: Tensor) -> Tensor:
    """In-place form of `relu`."""
def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: builtins.float | None = None) -> Tensor:
    """Each item divided by the root of its mean square over the last dimensions, which ``normalized_shape`` names."""
def rrelu(input: Tensor, lower: builtins.float = 0.125, upper: builtins.float = 0.3333333333333333, training: builtins.bool = False, inplace: builtins.bool = False) -> Tensor:
    """`leaky_relu` with slopes drawn anew for each negative element, uniform between the bounds."""
def rrelu_(input: Tensor, lower: builtins.float = 0.125, upper: builtins.float = 0.3333333333333333, training: builtins.bool = False) -> Tensor:
    """In-place form of `rrelu`."""
def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: builtins.float = 0.0, is_causal: builtins.bool = False, scale: builtins.float | None = None, enable_gqa: builtins.bool = False) -> Tensor:
    """``softmax(query @ key.T * scale + mask) @ value``."""
def selu(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """`elu` scaled so that normal inputs keep mean 0 and variance 1. (Klambauer et al. 2017, arXiv:1706.02515.)"""
def selu_(input: Tensor) -> Tensor:
    """In-place form of `selu`."""
def sigmoid(input: Tensor) -> Tensor:
    """``1 / (1 + exp(-x))`` of each element."""
def silu(input: Tensor, inplace: builtins.bool = False) -> Tensor:
    """``x * sigmoid(x)``, also called swish."""
def smooth_l1_loss(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean', beta: builtins.float = 1.0) -> Tensor:
    """Differences d below ``beta`` count ``d**2 / (2 * beta)``, larger ones ``abs(d) - beta / 2``."""
def soft_margin_loss(input: Tensor, target: Tensor, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``log(1 + exp(-target * input))`` for targets 1 and -1."""
def softmax(input: Tensor, dim: builtins.int | None = None, _stacklevel: builtins.int = 3, dtype: Any = None) -> Tensor:
    """`torch.softmax`; without ``dim`` a warning, and the first or second dimension."""
def softmin(input: Tensor, dim: builtins.int | None = None, _stacklevel: builtins.int = 3, dtype: Any = None) -> Tensor:
    """`torch.softmax` of ``-input``."""
def softplus(input: Tensor, beta: builtins.float = 1, threshold: builtins.float = 20, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + exp(beta * x)) / beta``; ``x`` itself where ``beta * x`` is above ``threshold``."""
def softshrink(input: Tensor, lambd: builtins.float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """Each element moved towards 0 by ``lambd``, those nearer than that becoming 0."""
def softsign(input: Tensor) -> Tensor:
    """``x / (1 + abs(x))`` of each element."""
def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent of each element."""
def tanhshrink(input: Tensor) -> Tensor:
    """``x - tanh(x)`` of each element."""
def threshold(input: Tensor, threshold: builtins.float, value: builtins.float, inplace: builtins.bool = False) -> Tensor:
    """Each element that is larger than ``threshold``, ``value`` in the place of the others."""
def threshold_(input: Tensor, threshold: builtins.float, value: builtins.float) -> Tensor:
    """In-place form of `threshold`."""
def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: builtins.float = 1.0, p: builtins.float = 2, eps: builtins.float = 1e-06, swap: builtins.bool = False, size_average: builtins.bool | None = None, reduce: builtins.bool | None = None, reduction: builtins.str = 'mean') -> Tensor:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with p-norm distances d."""
def triplet_margin_with_distance_loss(anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: builtins.float = 1.0, swap: builtins.bool = False, reduction: builtins.str = 'mean') -> Tensor:
    """`triplet_margin_loss` with a distance of one's own; by default `pairwise_distance`."""
def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The blocks under a window that slides over (N, C, H, W): (N, C · places in the window, blocks); N may be absent."""
def upsample(input: Tensor, size: Any = None, scale_factor: Any = None, mode: builtins.str = 'nearest', align_corners: builtins.bool | None = None) -> Tensor:
    """`interpolate` by its old name, with PyTorch's warning."""
def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """Bilinear `interpolate` with aligned corners, with PyTorch's warning."""
def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """`interpolate` by the nearest neighbour, with PyTorch's warning."""
