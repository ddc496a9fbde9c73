"""A diagram as text: a listing to read, DOT for Graphviz, Mermaid for Markdown pages."""

from __future__ import annotations

import re
from collections import Counter

from .diagram import CONSTANT, CUT, LEAF, MORE, OPERATION, RESULT, Box, Diagram, printable
from .palette import COLOURS, NO_GRADIENT

GENERIC = ("tensor", "parameter", "no gradient")


def listing(diagram: Diagram) -> str:
    """One line for each box, its inputs before it."""
    titles = Counter(box.title for box in diagram.boxes if box.kind != OPERATION or box.operation)
    labels: list[str] = []
    inputs: list[list[int]] = [[] for _ in diagram.boxes]
    for arrow in diagram.arrows:
        inputs[arrow.target].append(arrow.source)
    numbered = 0
    rows = []
    for box, sources in zip(diagram.boxes, inputs):
        named = box.kind not in (OPERATION, MORE) or box.operation
        if named and titles[box.title] == 1 and box.title not in GENERIC:
            labels.append(one_line(box.title))
        else:
            labels.append(f"%{numbered}")
            numbered += 1
        arguments = [labels[s] for s in sources] + ([box.settings] if box.settings else [])
        call = _what(box) + (f"({', '.join(arguments)})" if arguments or box.kind == OPERATION else "")
        rows.append((f"{labels[-1]} = {call}", "  ".join(filter(None, (box.shape, *map(one_line, box.remarks))))))
    width = min(60, max(len(left) for left, _ in rows))
    return "\n".join(f"{left:{width}}  {right}".rstrip() for left, right in rows)


def _what(box: Box) -> str:
    if box.kind in (OPERATION, MORE):
        return box.operation or one_line(box.title)
    return {LEAF: "leaf", CONSTANT: "constant", CUT: "cut", RESULT: "result"}[box.kind]


def one_line(text: str) -> str:
    return " ".join(printable(text).split())


# -- DOT ----------------------------------------------------------------------------------------------------

_DOT_STYLES = {
    LEAF: 'style="rounded,filled"',
    CONSTANT: 'style="rounded,filled,dashed"',
    CUT: 'style="rounded,filled,dashed"',
    OPERATION: 'style="filled"',
    RESULT: 'style="filled", penwidth=2',
    MORE: 'style="filled,dashed"',
}


def dot(diagram: Diagram) -> str:
    """The diagram in Graphviz's language."""
    lines = [
        "digraph history {",
        '  node [shape=box, fontname="Helvetica, Arial, sans-serif", fontsize=11, margin="0.12,0.06"];',
        f'  edge [color="{NO_GRADIENT}", arrowsize=0.7];',
    ]
    for i, box in enumerate(diagram.boxes):
        colour = COLOURS[box.kind]
        lines.append(
            f"  n{i} [label={_dot_string([box.heading, *box.lines])}, tooltip={_dot_string(box.tooltip)}, "
            f'fillcolor="{colour.fill}", color="{colour.line}", fontcolor="{colour.text}", {_DOT_STYLES[box.kind]}];'
        )
    lines += [f"  n{a.source} -> n{a.target}{'' if a.flows else ' [style=dashed]'};" for a in diagram.arrows]
    return "\n".join([*lines, "}", ""])


def _dot_string(lines: list[str]) -> str:
    r"""A quoted string of several lines. Graphviz reads ``\N`` as the node's name, and entities as HTML does."""
    special = {"\\": "\\\\", '"': '\\"', "&": "&amp;"}
    escaped = [re.sub(r'[\\"&]', lambda match: special[match[0]], one_line(line)) for line in lines]
    return '"' + "\\n".join(escaped) + '"'


# -- Mermaid --------------------------------------------------------------------------------------------------

_MERMAID_SHAPES = {
    LEAF: ("([", "])"),
    CONSTANT: ("([", "])"),
    CUT: ("([", "])"),
    OPERATION: ("[", "]"),
    RESULT: ("[[", "]]"),
    MORE: ("[", "]"),
}


def mermaid(diagram: Diagram) -> str:
    """The diagram as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for i, box in enumerate(diagram.boxes):
        opening, closing = _MERMAID_SHAPES[box.kind]
        label = "<br/>".join(_mermaid_text(line) for line in (box.heading, *box.lines))
        lines.append(f'  n{i}{opening}"{label}"{closing}:::{box.kind}')
    lines += [f"  n{a.source} {'-->' if a.flows else '-.->'} n{a.target}" for a in diagram.arrows]
    for kind in diagram.kinds():
        colour = COLOURS[kind]
        dashed = ",stroke-dasharray:4 3" if kind in (CONSTANT, CUT, MORE) else ""
        lines.append(f"  classDef {kind} fill:{colour.fill},stroke:{colour.line},color:{colour.text}{dashed}")
    return "\n".join([*lines, ""])


def _mermaid_text(text: str) -> str:
    """Text inside quotes: what is punctuation to Mermaid, Markdown or HTML is written as ``#code;``."""
    return re.sub(r"[^\w \[\]().,:=%…×/-]", lambda match: f"#{ord(match[0])};", one_line(text))
