"""Layers and what they are given, written for PyTorch and Rushlight alike: the golden file and the tests run these."""

import numpy as np

# The expression that makes the layer -> shapes of its inputs; "int:n" draws whole numbers below n, "are" gives them,
# "packed" packs sequences of the given lengths, padded to the given shape.
LAYERS = {
    "nn.Identity()": [(2, 3)],
    "nn.Linear(4, 3)": [(5, 4)],
    "nn.Linear(4, 3, bias=False)": [(2, 5, 4)],
    "nn.Linear(4, 3, dtype=torch.float64)": [(5, 4)],
    "nn.Bilinear(3, 4, 2)": [(5, 3), (5, 4)],
    "nn.Flatten()": [(2, 3, 4)],
    "nn.Flatten(0, 1)": [(2, 3, 4)],
    "nn.Unflatten(1, (2, 3))": [(4, 6)],
    "nn.Embedding(7, 3)": [("int:7", (2, 4))],
    "nn.Embedding(7, 3, padding_idx=-2)": [("int:7", (6,))],
    "nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))": [(3, 4)],
    "nn.EmbeddingBag(7, 3)": [("int:7", (2, 4))],
    "nn.EmbeddingBag(7, 3, mode='max', padding_idx=-2, max_norm=1.5)": [("int:7", (4, 3))],
    # activations
    "nn.Threshold(0.1, 2.0)": [(3, 4)],
    "nn.ReLU()": [(3, 4)],
    "nn.ReLU(inplace=True)": [(3, 4)],
    "nn.RReLU()": [(3, 4)],
    "nn.Hardtanh()": [(3, 4)],
    "nn.ReLU6()": [(3, 4)],
    "nn.Sigmoid()": [(3, 4)],
    "nn.Hardsigmoid()": [(3, 4)],
    "nn.Tanh()": [(3, 4)],
    "nn.SiLU()": [(3, 4)],
    "nn.Mish()": [(3, 4)],
    "nn.Hardswish()": [(3, 4)],
    "nn.ELU(0.7)": [(3, 4)],
    "nn.CELU(0.7)": [(3, 4)],
    "nn.SELU()": [(3, 4)],
    "nn.GLU(1)": [(3, 4)],
    "nn.GELU()": [(3, 4)],
    "nn.GELU('tanh')": [(3, 4)],
    "nn.Hardshrink()": [(3, 4)],
    "nn.LeakyReLU(0.2)": [(3, 4)],
    "nn.LogSigmoid()": [(3, 4)],
    "nn.Softplus(beta=2)": [(3, 4)],
    "nn.Softshrink()": [(3, 4)],
    "nn.PReLU()": [(3, 4)],
    "nn.PReLU(4, init=0.1)": [(3, 4)],
    "nn.Softsign()": [(3, 4)],
    "nn.Tanhshrink()": [(3, 4)],
    "nn.Softmin(dim=1)": [(3, 4)],
    "nn.Softmax(dim=-1)": [(3, 4)],
    "nn.Softmax2d()": [(2, 3, 2, 2)],
    "nn.LogSoftmax(dim=0)": [(3, 4)],
    # dropout
    "nn.Dropout(0.3)": [(4, 5)],
    "nn.Dropout(0.3, inplace=True)": [(4, 5)],
    "nn.Dropout1d(0.4)": [(2, 6, 3)],
    "nn.Dropout2d(0.4)": [(2, 6, 2, 2)],
    "nn.Dropout3d(0.4)": [(2, 6, 2, 2, 1)],
    "nn.AlphaDropout(0.3)": [(4, 5)],
    "nn.FeatureAlphaDropout(0.3)": [(2, 6, 3)],
    # normalisation
    "nn.LayerNorm(4)": [(3, 4)],
    "nn.LayerNorm((2, 4), bias=False)": [(3, 2, 4)],
    "nn.LayerNorm(4, elementwise_affine=False)": [(3, 4)],
    "nn.RMSNorm(4)": [(3, 4)],
    "nn.GroupNorm(2, 6)": [(2, 6, 3)],
    "nn.LocalResponseNorm(2)": [(2, 4, 3)],
    "nn.BatchNorm1d(4)": [(6, 4)],
    "nn.BatchNorm1d(4, momentum=None)": [(2, 4, 3)],
    "nn.BatchNorm1d(4, affine=False, track_running_stats=False)": [(6, 4)],
    "nn.BatchNorm2d(3)": [(2, 3, 2, 2)],
    "nn.BatchNorm3d(2, bias=False)": [(2, 2, 2, 2, 1)],
    "nn.SyncBatchNorm(3)": [(2, 3, 2)],
    "nn.InstanceNorm1d(3)": [(2, 3, 4)],
    "nn.InstanceNorm2d(3, affine=True, track_running_stats=True)": [(2, 3, 2, 2)],
    # convolution
    "nn.Conv1d(3, 4, 3)": [(2, 3, 8)],
    "nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2, bias=False)": [(2, 4, 9)],
    "nn.Conv1d(3, 4, 3, padding='same', padding_mode='replicate')": [(2, 3, 8)],
    "nn.Conv2d(2, 3, 3, padding=1)": [(2, 2, 5, 6)],
    "nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 0), padding_mode='reflect')": [(1, 2, 6, 5)],
    "nn.Conv2d(4, 4, 3, padding='same', dilation=2, groups=4, dtype=torch.float64)": [(2, 4, 5, 6)],
    "nn.Conv3d(2, 3, 2, padding=(1, 0, 2), padding_mode='circular')": [(1, 2, 3, 4, 3)],
    "nn.ConvTranspose1d(3, 2, 3, stride=2, output_padding=1)": [(2, 3, 4)],
    "nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, groups=1)": [(1, 2, 3, 4)],
    "nn.ConvTranspose2d(4, 2, 2, dilation=2, groups=2, bias=False)": [(4, 3, 4)],
    "nn.ConvTranspose3d(2, 3, 2, stride=(1, 2, 1))": [(1, 2, 3, 2, 2)],
    "nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 3))": [
        (3, 1, 6, 6)
    ],
    # pooling and resizing
    "nn.MaxPool1d(2)": [(2, 3, 7)],
    "nn.MaxPool2d(2, padding=1, ceil_mode=True)": [(2, 2, 5, 6)],
    "nn.MaxPool2d(3, stride=1, return_indices=True)": [(2, 2, 5, 6)],
    "nn.MaxPool3d(2, dilation=2, stride=1)": [(1, 2, 3, 4, 4)],
    "nn.MaxUnpool1d(2)": [(2, 3, 4), ("int:8", (2, 3, 4))],
    "nn.MaxUnpool2d(2, stride=1)": [(2, 2, 3), ("int:12", (2, 2, 3))],
    "nn.MaxUnpool3d((1, 2, 1))": [(1, 2, 2, 2, 2), ("int:16", (1, 2, 2, 2, 2))],
    "nn.AvgPool1d(3, stride=2, padding=1)": [(2, 3, 8)],
    "nn.AvgPool2d(2)": [(2, 2, 5, 6)],
    "nn.AvgPool2d((2, 3), 2, 1, count_include_pad=False)": [(2, 2, 5, 6)],
    "nn.AvgPool3d(2, divisor_override=3)": [(1, 2, 3, 4, 4)],
    "nn.LPPool1d(2, 3)": [(2, 3, 8)],
    "nn.LPPool2d(4, 2, stride=1)": [(2, 5, 6)],
    "nn.LPPool3d(2, 2)": [(1, 2, 3, 4, 4)],
    "nn.FractionalMaxPool2d(2, output_size=(3, 2))": [(2, 2, 5, 6)],
    "nn.FractionalMaxPool3d(2, output_ratio=0.6)": [(1, 2, 4, 5, 4)],
    "nn.AdaptiveAvgPool1d(3)": [(2, 3, 8)],
    "nn.AdaptiveAvgPool2d((2, None))": [(2, 2, 5, 6)],
    "nn.AdaptiveAvgPool3d(2)": [(1, 2, 3, 4, 4)],
    "nn.AdaptiveMaxPool1d(3, return_indices=True)": [(2, 3, 8)],
    "nn.AdaptiveMaxPool2d((2, 3))": [(2, 2, 5, 6)],
    "nn.AdaptiveMaxPool3d((1, None, 2))": [(1, 2, 3, 4, 4)],
    "nn.Upsample(scale_factor=2)": [(1, 2, 3, 2)],
    "nn.Upsample(size=5, mode='linear')": [(1, 2, 3)],
    "nn.Upsample(scale_factor=(1.5, 2), mode='bicubic', recompute_scale_factor=True)": [(1, 2, 4, 3)],
    "nn.UpsamplingBilinear2d(scale_factor=2)": [(1, 1, 3, 2)],
    "nn.UpsamplingNearest2d(size=(4, 5))": [(1, 1, 3, 2)],
    "nn.PixelShuffle(2)": [(2, 4, 2, 3)],
    "nn.PixelUnshuffle(2)": [(2, 1, 4, 6)],
    "nn.ChannelShuffle(2)": [(2, 4, 3)],
    "nn.Unfold((2, 3), padding=1)": [(2, 2, 4, 5)],
    "nn.Fold((3, 4), 2, stride=(1, 2))": [(2, 8, 4)],
    # padding
    "nn.ConstantPad1d((1, 2), 0.5)": [(2, 3)],
    "nn.ZeroPad2d(1)": [(1, 2, 3)],
    "nn.ReflectionPad1d(2)": [(1, 2, 5)],
    "nn.ReplicationPad2d((1, 0, 2, 1))": [(1, 1, 2, 3)],
    "nn.CircularPad1d((2, 1))": [(1, 2, 4)],
    "nn.ReflectionPad3d((1, 0, 1, 1, 0, 1))": [(1, 2, 2, 3, 2)],
    "nn.ReplicationPad3d(1)": [(1, 2, 1, 2, 2)],
    "nn.CircularPad3d(1)": [(1, 2, 1, 2, 2)],
    # recurrent
    "nn.RNN(3, 4)": [(5, 2, 3)],
    "nn.RNN(3, 4, 2, nonlinearity='relu', batch_first=True, bidirectional=True)": [(2, 5, 3)],
    "nn.LSTM(3, 4, 2, dropout=0.5)": [(5, 2, 3)],
    "nn.LSTM(3, 4, bias=False, proj_size=2, bidirectional=True)": [(5, 2, 3)],
    "nn.LSTM(3, 4)": [(5, 3)],
    "nn.GRU(3, 4, 2, batch_first=True)": [(2, 5, 3)],
    "nn.RNN(3, 2, 2)": [("packed", ((4, 3, 3), [4, 2, 2])), (2, 3, 2)],
    "nn.RNN(3, 2, nonlinearity='relu', bidirectional=True)": [("packed", ((4, 3, 3), [2, 4, 1]))],
    "nn.LSTM(3, 2, 3, dropout=0.5)": [("packed", ((5, 2, 3), [3, 5]))],
    "nn.LSTM(3, 4, proj_size=2, bidirectional=True, batch_first=True)": [("packed", ((4, 3, 3), [4, 3, 1]))],
    "nn.GRU(3, 2, 2, bias=False, bidirectional=True)": [("packed", ((4, 3, 3), [1, 4, 2])), (4, 3, 2)],
    "nn.RNNCell(3, 4)": [(2, 3), (2, 4)],
    "nn.RNNCell(3, 4, nonlinearity='relu')": [(3,)],
    "nn.LSTMCell(3, 4)": [(2, 3)],
    "nn.GRUCell(3, 4, bias=False)": [(2, 3), (2, 4)],
    # attention
    "nn.MultiheadAttention(4, 2)": [(3, 2, 4), (5, 2, 4), (5, 2, 4)],
    "nn.MultiheadAttention(4, 2, dropout=0.2, batch_first=True, kdim=3, vdim=5)": [(2, 3, 4), (2, 5, 3), (2, 5, 5)],
    "nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True, bias=False)": [(3, 4), (5, 4), (5, 4)],
    "nn.TransformerEncoderLayer(4, 2, 6, dropout=0.2)": [(3, 2, 4)],
    "nn.TransformerEncoderLayer(4, 1, 6, activation='gelu', norm_first=True, bias=False)": [(3, 2, 4)],
    "nn.TransformerDecoderLayer(4, 2, 6, 0.0, batch_first=True)": [(2, 3, 4), (2, 5, 4)],
    "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0.0, batch_first=True), 2, nn.LayerNorm(4))": [
        (2, 3, 4)
    ],
    "nn.Transformer(4, 2, 1, 2, 6, 0.0, batch_first=True)": [(2, 3, 4), (2, 5, 4)],
    # weights that are computed
    "nn.utils.parametrizations.weight_norm(nn.Linear(4, 3))": [(5, 4)],
    "nn.utils.parametrizations.weight_norm(nn.Conv2d(2, 3, 2), dim=1)": [(1, 2, 3, 3)],
    "nn.utils.parametrizations.weight_norm(nn.Linear(4, 3), dim=None)": [(5, 4)],
    "nn.utils.parametrizations.weight_norm(nn.LSTM(3, 2), 'weight_hh_l0')": [(4, 2, 3)],
    "nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3))": [(5, 4)],
    "nn.utils.parametrizations.spectral_norm(nn.ConvTranspose2d(2, 3, 2), n_power_iterations=3)": [(1, 2, 3, 3)],
    "nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3), 'bias')": [(5, 4)],
    "nn.utils.parametrizations.orthogonal(nn.Linear(4, 3))": [(5, 4)],
    "nn.utils.parametrizations.orthogonal(nn.Linear(3, 3))": [(5, 3)],
    "nn.utils.parametrizations.orthogonal(nn.Linear(3, 4), orthogonal_map='matrix_exp')": [(5, 3)],
    "nn.utils.parametrizations.orthogonal(nn.Linear(3, 4), orthogonal_map='cayley')": [(5, 3)],
    "nn.utils.parametrizations.orthogonal(nn.Linear(3, 4), use_trivialization=False)": [(5, 3)],
    "nn.utils.spectral_norm(nn.Linear(4, 3))": [(5, 4)],
    "nn.utils.spectral_norm(nn.ConvTranspose1d(2, 3, 2), n_power_iterations=2)": [(1, 2, 3)],
    # distances and losses
    "nn.CosineSimilarity()": [(3, 4), (3, 4)],
    "nn.PairwiseDistance()": [(3, 4), (3, 4)],
    "nn.L1Loss()": [(3, 4), (3, 4)],
    "nn.MSELoss(reduction='sum')": [(3, 4), (3, 4)],
    "nn.SmoothL1Loss(beta=0.5)": [(3, 4), (3, 4)],
    "nn.HuberLoss(delta=0.4)": [(3, 4), (3, 4)],
    "nn.CrossEntropyLoss()": [(5, 4), ("int:4", (5,))],
    "nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5, 1.5]), label_smoothing=0.1)": [(5, 4), ("int:4", (5,))],
    "nn.CTCLoss(blank=1, reduction='sum')": [(5, 2, 4), ("are", [[0, 2], [3, 3]]), ("are", [5, 4]), ("are", [2, 1])],
    "nn.LinearCrossEntropyLoss(3, 4, bias=True)": [(5, 3), ("int:4", (5,))],
    "nn.LinearCrossEntropyLoss(3, 4, out_features=(2,), reduction='sum')": [(5, 3), ("int:4", (5, 2))],
    "nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 6], div_value=2.0, head_bias=True)": [(5, 8), ("int:12", (5,))],
    "nn.NLLLoss(ignore_index=1)": [(5, 4), ("int:4", (5,))],
    "nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0))": [(3, 4), ("unit", (3, 4))],
    "nn.BCELoss()": [("unit", (3, 4)), ("unit", (3, 4))],
    "nn.KLDivLoss(reduction='batchmean')": [(3, 4), ("unit", (3, 4))],
    "nn.PoissonNLLLoss()": [(3, 4), ("unit", (3, 4))],
    "nn.GaussianNLLLoss()": [(3, 4), (3, 4), ("unit", (3, 4))],
    "nn.HingeEmbeddingLoss()": [(3, 4), ("sign", (3, 4))],
    "nn.SoftMarginLoss()": [(3, 4), ("sign", (3, 4))],
    "nn.MultiLabelSoftMarginLoss()": [(3, 4), ("unit", (3, 4))],
    "nn.CosineEmbeddingLoss()": [(3, 4), (3, 4), ("sign", (3,))],
    "nn.MarginRankingLoss(margin=0.2)": [(3,), (3,), ("sign", (3,))],
    "nn.MultiMarginLoss()": [(3, 4), ("int:4", (3,))],
    "nn.MultiLabelMarginLoss()": [(3, 4), ("int:4", (3, 4))],
    "nn.TripletMarginLoss()": [(3, 4), (3, 4), (3, 4)],
    "nn.TripletMarginWithDistanceLoss(margin=0.5)": [(3, 4), (3, 4), (3, 4)],
}


def inputs(torch, specs, double):
    """Inputs of the given shapes, the same ones for the same shapes; differentiable where they are real numbers."""
    rng = np.random.RandomState(1)
    made = []
    for spec in specs:
        kind, shape = spec if isinstance(spec[0], str) else ("real", spec)
        if kind == "packed":
            kind, shape = "real", shape[0]
        if kind.startswith("int:"):
            made.append(torch.tensor(rng.randint(0, int(kind[4:]), shape)))
            continue
        if kind == "are":
            made.append(torch.tensor(shape))
            continue
        values = {
            "real": lambda shape=shape: rng.uniform(-2, 2, shape),
            "unit": lambda shape=shape: rng.uniform(0.1, 0.9, shape),
            "sign": lambda shape=shape: rng.choice([-1.0, 1.0], shape),
        }[kind]()
        made.append(torch.tensor(values.astype(np.float64 if double else np.float32), requires_grad=kind == "real"))
    return made


def flat(result):
    """The tensors of a result, through tuples."""
    if isinstance(result, tuple):
        return [t for part in result if part is not None for t in flat(part)]
    return [result]


def passed_as(torch, t, spec, text):
    """An input as the layer takes it."""
    if spec[0] == "packed":
        return torch.nn.utils.rnn.pack_padded_sequence(t, spec[1][1], enforce_sorted=False)
    # An in-place layer may not write over a leaf.
    return t * 1 if "inplace" in text and t.is_floating_point() else t


def numbers(t):
    return [list(t.shape), str(t.dtype), t.detach().double().reshape(-1).tolist()]


def run(torch, text):
    """All that a layer shows: its text, its state, and in both modes its results and gradients."""
    torch.manual_seed(5)
    layer = eval(text, {"torch": torch, "nn": torch.nn})
    seen = {"text": repr(layer), "state": {k: numbers(v) for k, v in layer.state_dict().items()}}
    for mode in ("train", "eval"):
        getattr(layer, mode)()
        given = inputs(torch, LAYERS[text], double="float64" in text)
        results = flat(layer(*[passed_as(torch, t, spec, text) for t, spec in zip(given, LAYERS[text])]))
        total = sum((r * torch.arange(1, r.numel() + 1, dtype=r.dtype).reshape(r.shape)).sum() for r in results)
        seen[mode] = {"results": [numbers(r) for r in results]}
        if not total.requires_grad:
            continue
        layer.zero_grad()
        total.backward()
        seen[mode]["grads"] = [None if t.grad is None else numbers(t.grad) for t in given]
        seen[mode]["weights"] = {k: None if p.grad is None else numbers(p.grad) for k, p in layer.named_parameters()}
    seen["after"] = {k: numbers(v) for k, v in layer.state_dict().items()}
    seen["drawn"] = torch.rand(1).item()
    return seen
