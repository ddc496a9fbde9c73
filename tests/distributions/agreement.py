"""Whether two answers of `cases` agree."""

import numpy as np

# PyTorch computes a constant in single precision here and there (in Multinomial's entropy), and has Bessel functions by
# polynomials of seven digits (in VonMises).
TOLERANCES = {"float64": 5e-7, "float32": 2e-6}
# What PyTorch fails at and Rushlight does not: GeneralizedPareto in double precision, gradients of Wishart's samples, and
# its moments where its degrees are a number and its matrices a batch.
FAILURES = (
    "Double did not match Float",
    "one of the variables needed for gradient computation",
    "shape '[2, 1, 1]' is invalid",
)


def difference(path, ours, theirs, tolerances=TOLERANCES):
    """Where the answers differ first, in words; None where they agree."""
    if isinstance(theirs, dict) and theirs.get("says", "").startswith(FAILURES):
        return None
    if _is_tensor(ours) and _is_tensor(theirs):
        if ours[:2] != theirs[:2]:
            return f"{path}: {ours[:2]} is not {theirs[:2]}"
        tolerance = tolerances.get(ours[0], 0)
        if np.allclose(ours[2], theirs[2], rtol=tolerance, atol=tolerance, equal_nan=True):
            return None
        return f"{path}: {ours[2]} is not {theirs[2]}"
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if set(ours) != set(theirs):
            return f"{path}: {ours} is not {theirs}"
        parts = [(key, ours[key], theirs[key]) for key in theirs]
    elif isinstance(theirs, (list, tuple)) and isinstance(ours, (list, tuple)) and len(ours) == len(theirs):
        parts = [(i, *pair) for i, pair in enumerate(zip(ours, theirs))]
    else:
        return None if ours == theirs else f"{path}: {ours!r} is not {theirs!r}"
    return next((found for key, a, b in parts if (found := difference(f"{path}, {key}", a, b, tolerances))), None)


def _is_tensor(value):
    return isinstance(value, (list, tuple)) and len(value) == 3 and isinstance(value[0], str) and value[0][:3] in DTYPES


DTYPES = ("flo", "int", "boo")
COARSE = dict.fromkeys(TOLERANCES, 4e-3)


def differences(case, ours, theirs):
    """Between all answers of a case, in words."""
    coarse = {"gradients of rsample"} if case.approximate else ()
    found = [difference(k, ours[k], theirs[k], COARSE if k in coarse else TOLERANCES) for k in theirs]
    return "\n".join(filter(None, found))
