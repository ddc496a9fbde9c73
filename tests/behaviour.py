"""What a few lines of a program do, in words that PyTorch and Rushlight can be compared by.

A snippet is run with ``torch`` and ``nn`` at hand; the outcome is the text of its last line's value, or the exception's type and
the first line of its message, or for KeyErrors all of it, and the warnings in between.
"""

import ast
import re
import warnings


def outcome(torch, code):
    names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    torch.manual_seed(0)
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(tree, "<snippet>", "exec"), names)  # noqa: S102
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "<snippet>", "eval"), names)  # noqa: S307
            text = repr(value)
        except Exception as error:  # noqa: BLE001 - whatever it is, is the outcome
            text = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    told = [f"{w.category.__name__}: {str(w.message).splitlines()[0]}" for w in caught]
    return [plain(text), *map(plain, told)]


def plain(text):
    """Without what differs between two runs or two installations: addresses, and where a class stands."""
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    return re.sub(r"\b(torch|rushlight)\.(nn|optim|utils|autograd)[\w.]*\.(\w+)", r"\3", text)
