"""A diagram as SVG."""

from __future__ import annotations

from html import escape

from .diagram import CONSTANT, CUT, KINDS, LEAF, MORE, OPERATION, RESULT, Box, Diagram, printable
from .layout import HEAD, Layout, Piece, layout
from .measure import text_width
from .palette import COLOURS, CUT_LINE, GRADIENT, LEGEND_TEXT, NO_GRADIENT

FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif"
HEADING, SMALL = 13, 11  # sizes of text
LINE_HEIGHT = 15
PADDING_X, PADDING_Y = 11, 7
MARGIN = 14
NARROWEST = 54
DASHED = (CONSTANT, CUT, MORE)
DASH = ' stroke-dasharray="4 3"'
ROUND = {LEAF: 13, CONSTANT: 13, CUT: 13, OPERATION: 4, RESULT: 4, MORE: 4}


def svg(diagram: Diagram) -> str:
    """The diagram, laid out and drawn, with a legend of what it shows."""
    boxes = diagram.boxes
    where = layout([_size(box) for box in boxes], [(a.source, a.target) for a in diagram.arrows])
    legend, legend_width, legend_height = _legend(diagram, where.width)
    width = max(where.width, legend_width) + 2 * MARGIN
    height = where.height + legend_height + 2 * MARGIN
    shift = (width - where.width) / 2
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{_attribute(_summary(diagram))}" '
        f'font-family="{_attribute(FONT)}" font-size="{SMALL}" text-anchor="middle">'
    )
    parts = [
        root,
        f'<g transform="translate({_n(shift)} {MARGIN})">',
        *_arrows(diagram, where),
        *(_box(box, corner) for box, corner in zip(boxes, where.corners)),
        "</g>",
        f'<g transform="translate({MARGIN} {_n(MARGIN + where.height)})" text-anchor="start">',
        *legend,
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _summary(diagram: Diagram) -> str:
    return f"history of {', '.join(box.title for box in diagram.boxes if box.kind == RESULT) or 'a tensor'}"


# -- boxes --------------------------------------------------------------------------------------------------


def _size(box: Box) -> tuple[float, float]:
    lines = [text_width(line, SMALL) for line in box.lines]
    width = max([NARROWEST, text_width(box.heading, HEADING, bold=True), *lines])
    return (width + 2 * PADDING_X, HEADING + 3 + LINE_HEIGHT * len(lines) + 2 * PADDING_Y)


def _box(box: Box, corner: tuple[float, float]) -> str:
    (x, y), (w, h) = corner, _size(box)
    colour = COLOURS[box.kind]
    middle = _n(x + w / 2)
    baseline = y + PADDING_Y + HEADING - 1
    text = [
        f'<text x="{middle}" y="{_n(baseline)}" font-size="{HEADING}" font-weight="600">{_text(box.heading)}</text>'
    ]
    for k, line in enumerate(box.lines, 1):
        text.append(f'<text x="{middle}" y="{_n(baseline + LINE_HEIGHT * k)}">{_text(line)}</text>')
    title = _text("\n".join(box.tooltip))
    return (
        f'<g class="{box.kind}" fill="{colour.text}"><title>{title}</title>'
        f"{_rectangle(box.kind, x, y, w, h)}{''.join(text)}</g>"
    )


def _rectangle(kind: str, x: float, y: float, w: float, h: float) -> str:
    colour = COLOURS[kind]
    dash = ' stroke-dasharray="5 3"' if kind in DASHED else ""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" rx="{_n(min(ROUND[kind], h / 2))}" '
        f'fill="{colour.fill}" stroke="{colour.line}" stroke-width="{2 if kind == RESULT else 1.2}"{dash}/>'
    )


# -- arrows -------------------------------------------------------------------------------------------------


def _arrows(diagram: Diagram, where: Layout) -> list[str]:
    flows: dict[tuple[int, int], bool] = {}
    for arrow in diagram.arrows:
        flows[arrow.source, arrow.target] = arrow.flows
    out = []
    for route in where.routes:
        # What all arrows of a box share is drawn with those that a gradient comes back along, if there are any.
        pieces: dict[bool, list[Piece]] = {True: [], False: []}
        heads: dict[bool, list[Piece]] = {True: [], False: []}
        for target, branch in route.branches:
            flow = flows[route.source, target]
            pieces[flow] += [*branch[:-1], _before_head(branch[-1])]
            heads[flow].append(branch[-1])
        pieces[bool(heads[True])][:0] = route.trunk
        source = diagram.boxes[route.source]
        cut = source.kind == CUT or any(diagram.boxes[target].kind == CUT for target, _ in route.branches)
        drawn = [flow for flow in (False, True) if heads[flow]]
        out += [_lines(pieces[flow], heads[flow], source.title, flow, cut) for flow in drawn]
    return out


def _before_head(last: Piece) -> Piece:
    x0, y0, x1, y1 = last
    return (x0, y0, x1, y1 - HEAD + 1)


def _lines(pieces: list[Piece], heads: list[Piece], source: str, flow: bool, cut: bool) -> str:
    colour = GRADIENT if flow else CUT_LINE if cut else NO_GRADIENT
    dash = "" if flow else DASH
    title = _text(f"{'a' if flow else 'no'} gradient flows back to {source}")
    tips = "".join(f"M{_n(x)} {_n(y)}l-3.5 -{_n(HEAD)}h7z" for _, _, x, y in heads)
    return (
        f'<g><title>{title}</title><path d="{_path(pieces)}" fill="none" stroke="{colour}" stroke-width="1.4"{dash}/>'
        f'<path d="{tips}" fill="{colour}"/></g>'
    )


def _path(pieces: list[Piece]) -> str:
    path = []
    at = None
    for x0, y0, x1, y1 in pieces:
        if at != (x0, y0):
            path.append(f"M{_n(x0)} {_n(y0)}")
        if x0 == x1:
            path.append(f"V{_n(y1)}")
        else:
            middle = _n((y0 + y1) / 2)
            path.append(f"C{_n(x0)} {middle} {_n(x1)} {middle} {_n(x1)} {_n(y1)}")
        at = (x1, y1)
    return "".join(path)


# -- legend ---------------------------------------------------------------------------------------------------


def _legend(diagram: Diagram, room: float) -> tuple[list[str], float, float]:
    """Lines that say what colours and lines mean, as wide as the picture, but not narrower than one entry."""
    entries = [(_rectangle(kind, 0, -9, 18, 11), KINDS[kind]) for kind in diagram.kinds()]
    flows = {arrow.flows for arrow in diagram.arrows}
    if True in flows:
        entries.append((_sample(GRADIENT, ""), "value flows down, gradient back up"))
    if False in flows:
        entries.append((_sample(NO_GRADIENT, DASH), "value only"))
    parts, x, y, widest = [], 0.0, 30.0, 0.0
    for sample, words in entries:
        width = 18 + 6 + text_width(words, SMALL)
        if x and x + width > max(room, 420):
            x, y = 0.0, y + 18
        parts.append(
            f'<g transform="translate({_n(x)} {_n(y)})">{sample}'
            f'<text x="24" y="1" fill="{LEGEND_TEXT}">{_text(words)}</text></g>'
        )
        widest = max(widest, x + width)
        x += width + 16
    return parts, widest, y + 4


def _sample(colour: str, dash: str) -> str:
    return f'<path d="M0 -3.5H18" stroke="{colour}" stroke-width="1.4"{dash}/>'


# -- text -----------------------------------------------------------------------------------------------------


def _n(value: float) -> str:
    return f"{value + 0.001:.1f}".removesuffix(".0")  # no -0.0


def _text(text: str) -> str:
    return escape(printable(text), quote=False)


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;")
