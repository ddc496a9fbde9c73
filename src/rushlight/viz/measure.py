"""How wide text is, without asking a font: a little more than in the widest of those a viewer may have.

The numbers are those of DejaVu Sans Bold, which is wider than the usual fonts of browsers (Segoe UI, San Francisco,
Roboto, Helvetica, Arial), for a size of 1, rounded up for groups of characters.
"""

from __future__ import annotations

from unicodedata import combining

_GROUPS = {
    0.39: "ijlIJ',./\\| ",
    0.46: "f!()-:;[]",
    0.54: 'rt"',
    0.62: "csz*?_`",
    0.68: "aekvxyL",
    0.73: "0123456789bdghnopquEFSTY${}",
    0.79: "ABCKPRVXZ",
    0.86: "DGHNOQU",
    0.92: "#&+<=>^~×",
    1.02: "wM",
    1.12: "mW%@…",
}
_WIDTHS = {c: width for width, group in _GROUPS.items() for c in group}
OTHER = 1.2  # as wide as Cyrillic, Chinese and most symbols get
REGULAR = 0.92  # of the width of bold


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in pixels, not less than it will take."""
    total = 0.0
    for c in text:
        width = _WIDTHS.get(c)
        if width is None:
            width = 0.0 if combining(c) else OTHER
        total += width
    return total * size * (1.0 if bold else REGULAR)
