"""What `rushlight.viz.graph` returns."""

from __future__ import annotations

import os
from pathlib import Path

from . import text
from .diagram import LEAF, OPERATION, RESULT, Diagram, plural
from .svg import svg


class Picture:
    """A drawn graph: shows itself in a notebook, prints as a listing, and can be saved.

    >>> import rushlight as torch
    >>> from rushlight import viz
    >>> picture = viz.graph(torch.ones(2, requires_grad=True).sum())
    >>> picture.svg()[:4], picture.mermaid().splitlines()[0]
    ('<svg', 'flowchart TD')
    """

    __slots__ = ("_svg", "diagram")

    def __init__(self, diagram: Diagram):
        self.diagram = diagram
        self._svg: str | None = None

    def svg(self) -> str:
        """The picture as an SVG document, laid out here: no installed program is needed."""
        if self._svg is None:
            self._svg = svg(self.diagram)
        return self._svg

    _repr_svg_ = svg

    def dot(self) -> str:
        """The graph in the language of Graphviz."""
        return text.dot(self.diagram)

    def mermaid(self) -> str:
        """The graph as a Mermaid flowchart, which Markdown pages show."""
        return text.mermaid(self.diagram)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file: ``.svg``, ``.dot`` or ``.mmd`` (Mermaid).

        NotImplementedError for ``.png`` and ``.pdf``, ValueError for any other suffix.

        >>> import rushlight as torch
        >>> from rushlight import viz
        >>> viz.graph(torch.ones(2)).save("graph.txt")
        Traceback (most recent call last):
        ValueError: cannot save a graph as '.txt'
        The suffix says the format: .svg, .dot or .mmd (Mermaid).
        """
        path = Path(path)
        suffix = path.suffix.lower()
        writers = {".svg": self.svg, ".dot": self.dot, ".mmd": self.mermaid}
        if suffix in (".png", ".pdf"):
            raise NotImplementedError(
                f"saving a graph as {suffix!r} needs a program that draws SVG, which Rushlight does not bring\n"
                "Save it as .svg, and convert that with a browser, Inkscape, rsvg-convert or CairoSVG."
            )
        if suffix not in writers:
            raise ValueError(
                f"cannot save a graph as {suffix!r}\nThe suffix says the format: .svg, .dot or .mmd (Mermaid)."
            )
        path.write_text(writers[suffix](), encoding="utf-8")

    def __str__(self) -> str:
        return text.listing(self.diagram)

    def __repr__(self) -> str:
        kinds = [plural(self.diagram.count(kind), kind) for kind in (OPERATION, LEAF, RESULT)]
        return f"<Picture: {', '.join(kinds)}>"
