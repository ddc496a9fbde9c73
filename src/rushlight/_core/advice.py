"""What is added to an exception that ends a program: where the program was, what the operands were, what to do.

Operations raise what PyTorch raises and know nothing of the program that called them. Here the calls that the
exception ended are read. Exceptions that a program catches are left as they are.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from typing import Any

from . import naming
from .tensor import Tensor
from .where import is_ours

# What to do, by the beginning of PyTorch's sentence. Only for messages that do not say it themselves.
HINTS = {
    "Boolean value of Tensor with more than one value": "Say which: (condition).all() or .any(), or torch.where.",
    r"a Tensor with \d+ elements cannot be converted to Scalar": (
        "A number can be made of a single element: reduce it first, with .mean() or .sum(), pick one with an index, or "
        "make a list with .tolist()."
    ),
    r"Can't call numpy\(\) on Tensor that requires grad": "The array that .detach().numpy() gives has no history.",
    "Only Tensors of floating point and complex dtype can require gradients": (
        "Write numbers with a point, 1.0 for 1, or pass dtype=torch.float32."
    ),
    r"index -?\d+ is out of bounds for dimension": "Indices begin at 0, and end at -1 for the last element.",
    "Dimension out of range": "Dimensions are counted from 0, and from -1 backwards.",
    r"shape '.*' is invalid for input of size": (
        "The sizes must multiply to the number of elements; one of them may be -1, to be worked out."
    ),
    "view size is not compatible with input tensor's size and stride": (
        "Transposed memory cannot be looked at in that shape: .reshape(...) copies where it must."
    ),
    "Sizes of tensors must match except in dimension": (
        "torch.cat joins along one dimension; all other sizes must be equal. torch.stack makes a new dimension."
    ),
    "Only Tensors created explicitly by the user": (
        "A copy would have to copy the history too. Copy the value with .detach().clone()."
    ),
    "optimizer got an empty parameter list": (
        "Layers in a plain list or dict are not found: keep them in nn.ModuleList or nn.ModuleDict, and tensors in "
        "nn.Parameter. A generator that was used up before is empty too."
    ),
    r"(\w+\(\): )?functions with out=": "Leave out= away, or run it inside `with torch.no_grad():`.",
    r"Error\(s\) in loading state_dict": (
        "The network must be built as the saved one was; strict=False skips keys that are missing or unexpected, not "
        "sizes that differ."
    ),
}


@naming.harmless(None)
def explain(error: Exception) -> None:
    """Add notes to an exception on its way out of the program, where an operation raised it; once."""
    spots = naming.failed(error)
    users = naming.of_program(spots)
    if not users:
        return
    keywords = unknown_keyword(str(error), users[0])
    if spots[0] is users[0] and not keywords:
        return  # the program's own
    text = "\n".join([str(error), *getattr(error, "__notes__", ())])
    if f"{users[0].file}:{users[0].line}" not in text:
        error.add_note(naming.situation(spots))
    hint = keywords or hint_for(str(error))
    if hint and hint not in text:
        error.add_note(hint)


def hint_for(message: str) -> str:
    """What to do about an operation's error; nothing where its message goes on after PyTorch's sentence."""
    first, _, more = message.partition("\n")
    if more and not more.startswith("\t"):
        return ""
    return next((hint for beginning, hint in HINTS.items() if re.match(beginning, first)), "")


def unknown_keyword(message: str, spot: naming.Spot) -> str:
    """The keywords that there are, the likeliest first, where one was given that there is not."""
    found = re.search(r"got an unexpected keyword argument '(\w+)'", message)
    call = naming.current_expression(spot) if found else None
    if found is None or not isinstance(call, ast.Call):
        return ""
    function = _function_of(call, naming.scope(spot.frame))
    code = getattr(inspect.unwrap(getattr(function, "__init__", function)), "__code__", None)
    code = getattr(inspect.unwrap(function), "__code__", code) if callable(function) else None
    if code is None or not is_ours(code.co_filename):
        return ""
    parameters = inspect.signature(function).parameters
    names = [name for name, p in parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    near = difflib.get_close_matches(found[1], names, n=1, cutoff=0.5)
    known = f"Its arguments are: {', '.join(names)}."
    return f"Did you mean {near[0]}? {known}" if near else known


def _function_of(call: ast.Call, variables: dict[str, Any]) -> Any:
    function = naming.value_of(call.func, variables)
    if function is None and isinstance(call.func, ast.Attribute):
        owner = naming.value_of(call.func.value, variables)
        if isinstance(owner, Tensor):
            return getattr(Tensor, call.func.attr, None)
    return function
