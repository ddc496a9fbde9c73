"""Write formatting.json: tensors and what PyTorch 2.13 prints for them.

    python tests/golden/make_formatting.py        (where torch==2.13.0 and NumPy are installed)

A case says the elements (``values``, repeated until they fill ``shape``), what else shows in the text (the
class, the place in the graph, the default dtype), the print options, and the text. Cases stand together by
the rule that they are about.
"""

import itertools
import json
import math
import pathlib

import numpy as np

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
DTYPES = ("bool", *INTEGERS, *FLOATS, *COMPLEX)

inf, nan = math.inf, math.nan
FRACTIONS = [0.5, -1.25, 3.14159, 10.0, -0.015625, 7.0]
PAIRS = [[1.5, -2.25], [-0.5, 3.0], [0.0, 0.125]]


def cases():
    """Every case as keywords, less the text; what is absent has its default in `text_of`."""
    yield from notation()
    yield from layout()
    yield from suffixes()
    yield from options()


def notation():
    """Which notation a tensor is written in, and how wide."""
    for values in (
        [1.0, 2.0, 3.0],
        [-1.0, 0.0, -0.0, 12345.0],
        [0.0, -0.0],
        [nan, inf, -inf],
        [nan, 1.0, -inf, 200.0],
        [nan, 0.5, -inf, -0.0],
        FRACTIONS,
        [1.0, 1000.0],
        [1.0, 1001.0, inf],  # whole, yet past the ratio
        [0.5, 500.0],
        [0.5, 501.0],
        [6.0e4, 65504.0],
        [1.0e-4],
        [0.99e-4],
        [5e-5, 0.0, nan],
        [6e-8, 1.2e-7],
        [0.00005, 0.5],
        [99999.96875, -1.5],
        [0.99999, 2.5],
    ):
        for dtype in FLOATS:
            yield {"dtype": dtype, "values": values}
    for values in (
        [1e8],
        [1e8, 1e8 - 8],
        [1.00000008e8],
        [-1e10, 1e10],
        [1e30, 1e-30],
        [3.4e38, 1.2e-38],
        [1e-45],
        [2.0**24 + 2, 7.0],
        [1.0, 1000.25],
    ):
        for dtype in ("bfloat16", "float32", "float64"):
            yield {"dtype": dtype, "values": values}
    for values in ([1.7976931348623157e308, 5e-324], [1e100, 1e101], [0.1, 1 / 3, 2 / 3], [2.0**53, 1.0]):
        yield {"dtype": "float64", "values": values}

    for dtype in INTEGERS:
        limits = np.iinfo(dtype)
        yield {"dtype": dtype, "values": [limits.min, 0, limits.max]}
        yield {"dtype": dtype, "values": [1, 10, 100]}
    for values in ([True], [False], [True, False], [True, True]):
        yield {"dtype": "bool", "values": values}

    for values in (
        [[1.0, 2.0], [-3.0, -4.0]],
        [[1.5, -0.0], [0.0, 0.0]],
        [[nan, inf], [-inf, nan], [1.0, 0.5]],
        [[1.0, 1e-5], [2.0, 123.0]],  # one part is whole, the other scientific
        [[1e10, 1.0], [1.0, -10.0]],
        PAIRS,
    ):
        for dtype in COMPLEX:
            yield {"dtype": dtype, "values": values}

    for dtype in DTYPES:
        yield {"dtype": dtype, "values": sample(dtype)[:1], "shape": []}
    for value in (nan, -inf, -0.0, 1e9, 1e-9, 2.5):
        yield {"dtype": "float32", "values": [value], "shape": []}


def layout():
    """Brackets, lines and summaries."""
    for shape in ([1] * 4, [1] * 12, [2, 3], [3, 1], [2, 2, 2], [2, 1, 2, 2], [1, 2, 1, 2, 2], [3, 12], [31]):
        for dtype in ("bool", "int64", "float32", "complex64"):
            yield {"dtype": dtype, "values": sample(dtype), "shape": shape}
    for shape in ([1001], [6, 167], [7, 143], [143, 7], [2, 600], [2, 3, 170], [11, 10, 10], [7, 7, 7, 3]):
        for dtype in ("int64", "float32"):
            yield {"dtype": dtype, "values": sample(dtype), "shape": shape}
    yield {"dtype": "uint8", "values": [1, 2, 3], "shape": [1000]}  # one less, and all are shown
    for dtype in DTYPES:
        yield {"dtype": dtype, "values": sample(dtype), "shape": [2000]}
    # What is not seen has no say: the fourth of seven values is in the middle of every summarised dimension.
    yield {"dtype": "float32", "values": [1.0, 2.0, 3.0, 1e-9, 4.0, 5.0, 6.0], "shape": [1001]}
    yield {"dtype": "int64", "values": [1, 2, 3, 10**9, 4, 5, 6], "shape": [150, 7]}
    yield {"dtype": "complex64", "values": PAIRS, "shape": [40, 50]}
    yield {"dtype": "bool", "values": [True, False], "shape": [40, 51]}
    yield {"dtype": "float64", "values": [1e-7, 123.0, 4.5], "shape": [40, 50]}
    yield {"dtype": "float32", "values": [1234.5678, -0.001], "shape": [2, 30]}
    yield {"dtype": "int64", "values": [-(2**63)], "shape": [2, 5]}
    yield {"dtype": "float32", "values": [0.0, nan], "shape": [40]}  # wider than PyTorch counts them
    yield {"dtype": "complex64", "values": [[0.0, 0.0], [1.0, 2.0]], "shape": [30]}
    yield {"dtype": "complex64", "values": [[0.0, nan]], "shape": [30]}


def suffixes():
    """What follows the elements, and where a line is broken for it."""
    for dtype in DTYPES:
        yield {"dtype": dtype, "values": [], "shape": [0]}
    for shape in ([0, 3], [3, 0], [0, 0, 2]):
        for dtype in ("float32", "int64", "complex64", "float16"):
            yield {"dtype": dtype, "values": [], "shape": shape}
    yield {"dtype": "float64", "values": [], "shape": [2, 0], "grad_fn": "MulBackward0"}
    yield {"dtype": "float32", "values": [], "shape": [0], "requires_grad": True}

    for default, dtype in itertools.product(FLOATS, (*FLOATS, *COMPLEX, "int64", "bool", "int32")):
        yield {"dtype": dtype, "values": sample(dtype)[:2], "default_float": default}
        if default == "float64":
            yield {"dtype": dtype, "values": [], "shape": [0], "default_float": default}

    for grad_fn in ("MulBackward0", "CloneBackward0", "CopySlices"):
        for shape in ([], [2], [2, 3], [2, 4, 7], [40, 50]):
            yield {"dtype": "float32", "values": FRACTIONS, "shape": shape, "grad_fn": grad_fn}
    for dtype in ("float16", "float64", "complex64", "complex128"):
        for shape in ([], [2], [3, 8]):
            yield {"dtype": dtype, "values": sample(dtype), "shape": shape, "requires_grad": True}
    # Lengths around those at which a line is broken: after one line of elements and after several, with a
    # dtype before the node's name and without, and where the dtype has moved to a line of its own already.
    for dtype, shape, lengths in (
        ("float32", [2], range(30, 36)),
        ("float32", [3, 2], range(30, 36)),
        ("float64", [2], range(9, 15)),
        ("float64", [2, 2], range(9, 15)),
    ):
        for length in lengths:
            grad_fn = "N" * length + "Backward"
            yield {"dtype": dtype, "values": FRACTIONS, "shape": shape, "grad_fn": grad_fn}
    for length in range(11, 17):
        given = {"grad_fn": "N" * length + "Backward", "options": {"linewidth": 60}}
        yield {"dtype": "float64", "values": FRACTIONS, "shape": [4], **given}

    for shape in ([], [3], [2, 3]):
        for given in ({"is_parameter": True}, {"head": "Mine("}, {"is_parameter": True, "head": "MyWeight("}):
            yield {"dtype": "float32", "values": FRACTIONS, "shape": shape, "requires_grad": True, **given}
    yield {"dtype": "int64", "values": [1, 2], "is_parameter": True}
    yield {"dtype": "float64", "values": FRACTIONS, "head": "ATensorWithQuiteALongName(", "shape": [2, 9]}


def options():
    """Every option, alone and with others."""
    settings = (
        {"profile": "short"},
        {"profile": "full", "precision": 1},
        {"profile": "default", "edgeitems": 1, "threshold": 5},
        {"precision": 0},
        {"precision": 9},
        {"sci_mode": True},
        {"sci_mode": False},
        {"sci_mode": True, "precision": 1},
        {"threshold": 3},
        {"threshold": 0},
        {"threshold": 3, "edgeitems": 2},
        {"threshold": 0, "edgeitems": 1, "linewidth": 20},
        {"edgeitems": 0},
        {"edgeitems": 0, "threshold": 3},
        {"linewidth": 20},
        {"linewidth": 1},
        {"linewidth": 120},
    )
    for setting in settings:
        for dtype, shape in (("float32", [9]), ("float64", [5, 4]), ("int64", [3, 7]), ("complex64", [5])):
            yield {"dtype": dtype, "values": sample(dtype), "shape": shape, "options": setting}
        yield {"dtype": "float32", "values": [2.0], "shape": [], "options": setting, "grad_fn": "CopySlices"}
    for values in ([0.0, nan, inf], [1.0, 2.0], [1e-9, 1.0], [1e12, 5.0]):
        for sci_mode in (True, False):
            yield {"dtype": "float32", "values": values, "options": {"sci_mode": sci_mode}}


FORMATS = (
    *itertools.product(("float16", "bfloat16", "float32", "float64"), [1.1], ("", ".2f", "10.3e", "+g", "%")),
    *itertools.product(("int64", "uint8"), [65], ("", "05d", "x", ".1f", "c", ">6")),
    *itertools.product(("bool",), [True], ("", "d", ">6")),
    *itertools.product(("complex64", "complex128"), [[1.5, -2.0]], ("", ".1f", "+.3e")),
)


def sample(dtype):
    if dtype == "bool":
        return [True, False, False]
    if dtype in INTEGERS:
        return [3, 10, 127, 0, 42]
    return PAIRS if dtype in COMPLEX else FRACTIONS


def tensor_of(torch, dtype, values, shape):
    """The tensor of a case, and its values as they are after rounding to the dtype."""
    if dtype == "bfloat16":
        elements = torch.tensor(values, dtype=torch.bfloat16)
        exact = elements.tolist()
        filled = np.resize(np.array(exact, np.float32), shape)
        return torch.from_numpy(filled).to(torch.bfloat16), exact
    if dtype in COMPLEX:
        real = np.array(values, {"complex64": "float32", "complex128": "float64"}[dtype]).reshape(-1, 2)
        return torch.from_numpy(np.resize(real.view(dtype)[:, 0], shape)), real.tolist()
    with np.errstate(over="ignore"):
        elements = np.array(values, dtype)
    return torch.from_numpy(np.resize(elements, shape)), elements.tolist()


def with_history(torch, tensor, grad_fn):
    """An equal tensor that was made by the node `grad_fn`."""
    leaf = tensor.requires_grad_()
    if grad_fn == "MulBackward0":
        return leaf * 1
    if grad_fn == "CloneBackward0":
        return leaf.clone()
    if grad_fn == "CopySlices":
        written = leaf.clone()
        written.view_as(written).copy_(leaf)
        return written
    rules = {"forward": staticmethod(lambda ctx, x: x.view_as(x)), "backward": staticmethod(lambda ctx, g: g)}
    return type(grad_fn.removesuffix("Backward"), (torch.autograd.Function,), rules).apply(leaf)


def text_of(torch, tensor, case):
    requires_grad = case.get("requires_grad", False)
    if case.get("is_parameter"):
        base = torch.nn.Parameter
        cls = type(case["head"][:-1], (base,), {}) if "head" in case else base
        tensor = cls(tensor, requires_grad=requires_grad)
    elif "head" in case:
        cls = type(case["head"][:-1], (torch.Tensor,), {})
        tensor = torch.Tensor._make_subclass(cls, tensor, requires_grad)
    elif "grad_fn" in case:
        tensor = with_history(torch, tensor, case["grad_fn"])
        assert type(tensor.grad_fn).__name__ == case["grad_fn"]
    else:
        tensor.requires_grad_(requires_grad)
    torch.set_default_dtype(getattr(torch, case.get("default_float", "float32")))
    try:
        with torch._tensor_str.printoptions(**case.get("options", {})):
            return repr(tensor)
    finally:
        torch.set_default_dtype(torch.float32)


def main():
    import torch

    assert torch.__version__.startswith("2.13"), torch.__version__
    reprs, seen = [], set()
    for case in cases():
        case.setdefault("shape", [len(case["values"])])
        tensor, case["values"] = tensor_of(torch, case["dtype"], case["values"], case["shape"])
        key = json.dumps(case)
        if key not in seen:
            seen.add(key)
            reprs.append({**case, "text": text_of(torch, tensor, case)})
    formats = []
    for dtype, value, spec in FORMATS:
        tensor, values = tensor_of(torch, dtype, [value], [])
        formats.append({"dtype": dtype, "values": values, "spec": spec, "text": format(tensor, spec)})

    path = pathlib.Path(__file__).with_name("formatting.json")
    parts = (
        f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in found) + "\n]"
        for name, found in (("reprs", reprs), ("formats", formats))
    )
    path.write_text("{" + ",\n".join(parts) + "}\n")
    print(f"{path.name}: {len(reprs)} reprs, {len(formats)} formats, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
