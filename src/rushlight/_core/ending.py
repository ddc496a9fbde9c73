"""What happens when an exception ends the program: it is explained before it is shown.

By the interpreter's own hook, which runs for an exception that nobody caught and never otherwise; whatever hook was
there shows the exception. What a program sets later takes the place of ours.
"""

from __future__ import annotations

import sys
from types import TracebackType


def explain_at_the_end() -> None:
    """Let `advice.explain` see the exception that ends the program."""
    show = sys.excepthook

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            from .advice import explain

            explain(error)
        show(kind, error, trace)

    sys.excepthook = excepthook
