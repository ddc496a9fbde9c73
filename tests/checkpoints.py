"""What is saved and loaded, written for PyTorch and Rushlight alike."""

from collections import Counter, OrderedDict

DTYPES = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32",
    "float64", "complex64", "complex128",
)  # fmt: skip


def content(torch):
    """All kinds of things that a file may hold; numbers are the same in both libraries."""
    x = torch.arange(24.0).reshape(4, 6)
    parameter, noted = torch.nn.Parameter(torch.arange(3.0)), torch.ones(3)
    parameter.note, noted.note = 2, [1, "a"]
    return {
        "views": [x, x[1], x.t(), x[::2, 1:4], x[:, None]],
        "dtypes": {name: torch.tensor([0, 1, 1]).to(getattr(torch, name)) for name in DTYPES},
        "shapes": [torch.tensor(3), torch.ones(0, 3), torch.ones(1).expand(3)],
        "conjugate": (torch.arange(2.0) * 1j).conj(),
        "imaginary": (torch.arange(2.0) * 2j + 1).imag,
        "requires_grad": [torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True) * 2],
        "parameters": [torch.nn.Parameter(x * 2), torch.nn.Parameter(x * 2, requires_grad=False), parameter, noted],
        "about": [x.shape, torch.float16, torch.device("cpu"), torch.device("cuda", 1), torch.strided],
        "state": trained(torch),
        "numbers": [1, -5, 300, 70000, 2**40, -(10**30), 1.5, float("inf"), True, False, None, 1 + 2j],
        "text": ["ünï", "", b"ab\xff", bytearray(b"q\x80"), bytearray()],
        "containers": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], {}, {(1, 2): 3}, {1, 2}, Counter("aab")],
        "ordered": OrderedDict(b=1, a=OrderedDict()),
        "long": list(range(3000)),
    }


def trained(torch):
    """The states of a model, an optimizer and a scheduler."""
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    for i, p in enumerate(net.parameters()):
        p.data = torch.arange(float(p.numel())).reshape(p.shape) / 8 + i
    optimizer = torch.optim.Adam(net.parameters(), amsgrad=True)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [1, 1, 3])
    for p in net.parameters():
        p.grad = torch.ones_like(p)
    optimizer.step()
    scheduler.step()
    return [net.state_dict(), optimizer.state_dict(), scheduler.state_dict()]


def assert_same(ours, theirs, what=""):
    """Equal in everything that a file keeps; tensors of either library."""
    if hasattr(theirs, "stride"):
        assert type(ours).__name__ == type(theirs).__name__, what
        for attribute in ("dtype", "shape", "requires_grad", "is_leaf"):
            assert str(getattr(ours, attribute)) == str(getattr(theirs, attribute)), (what, attribute)
        assert ours.stride() == theirs.stride(), what
        assert ours.tolist() == theirs.tolist(), what
    elif isinstance(theirs, dict):
        assert type(ours) is type(theirs) and list(ours) == list(theirs), what
        for key in theirs:
            assert_same(ours[key], theirs[key], f"{what}.{key}")
        assert getattr(ours, "_metadata", None) == getattr(theirs, "_metadata", None), what
    elif type(theirs) in (list, tuple):
        assert type(ours) is type(theirs) and len(ours) == len(theirs), what
        for i, (a, b) in enumerate(zip(ours, theirs)):
            assert_same(a, b, f"{what}[{i}]")
    else:
        assert type(ours).__name__ == type(theirs).__name__, what
        assert repr(ours) == repr(theirs), what


def assert_shared(loaded):
    """The views in `content` look at one memory."""
    x, row, turned, part, _ = loaded["views"]
    row.fill_(-1)
    assert x[1].tolist() == turned[:, 1].tolist() == [-1] * 6
    part[0, 0] = 99
    assert x[0, 1] == 99


def assert_attributes(loaded):
    *_, parameter, noted = loaded["parameters"]
    assert (parameter.note, noted.note) == (2, [1, "a"])
