"""What a few lines of a program do, in words that PyTorch and Rushlight can be compared by.

The snippets stand in tests/*/snippets.txt: sections begin with a line of equals signs, snippets are divided by
blank lines, and the first of a section is what all others of it are run behind.
"""

import ast
import pathlib
import re
import warnings

HERE = pathlib.Path(__file__).resolve().parent
AREAS = ("nn", "ops", "optim", "utils")


def snippets(area):
    """The snippets of one area, each with what it is run behind."""
    found = []
    for section in (HERE / area / "snippets.txt").read_text().split("=====\n")[1:]:
        preamble, *rest = section.strip("\n").split("\n\n")
        found += [f"{preamble}\n{snippet}" for snippet in rest]
    return found


def outcome(torch, code):
    """The text of the last line's value, or the exception's type and first line; and the warnings in between.

    ``torch``, ``nn`` and ``F`` are at hand.
    """
    names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    torch.manual_seed(0)
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(tree, "<snippet>", "exec"), names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "<snippet>", "eval"), names)
            text = repr(value)
        except Exception as error:  # noqa: BLE001 - whatever it is, is the outcome
            text = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    told = [f"{w.category.__name__}: {str(w.message).splitlines()[0]}" for w in caught]
    return [plain(text), *map(plain, told)]


def plain(text):
    """Without what differs between two runs or two installations: addresses, and where a class stands."""
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    return re.sub(r"\b(torch|rushlight)\.(nn|optim|utils|autograd)[\w.]*\.(\w+)", r"\3", text)
