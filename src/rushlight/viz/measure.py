"""How wide text is, without asking a font: a little more than in the widest of those a viewer may have.

The numbers are those of DejaVu Sans Bold, which is wider than the usual fonts of browsers (Segoe UI, San Francisco,
Roboto, Helvetica, Arial), for a size of 1, rounded up for groups of characters.
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width

_GROUPS = {
    0.39: "Iijl.,:;'|! ",
    0.48: "()[]{}-/\\`frtJ",
    0.66: "ckszvxy_\"*",
    0.70: "0123456789$aeghnopqbdu?LFETSYZ×",
    0.84: "ABCDGHKNOPQRUVX&#=+<>~^…",
    1.12: "mwMW@%",
}
_WIDTHS = {c: width for width, group in _GROUPS.items() for c in group}
OTHER = 0.92
REGULAR = 0.92  # of bold


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in pixels, not less than it will take."""
    total = 0.0
    for c in text:
        width = _WIDTHS.get(c)
        if width is None:
            width = 0.0 if combining(c) else 1.1 if east_asian_width(c) in "WF" else OTHER
        total += width
    return total * size * (1.0 if bold else REGULAR)
