"""SVG, DOT, Mermaid and the listing."""

import re
import string
import xml.etree.ElementTree as ET
from html import unescape

import pytest

import rushlight as torch
from rushlight import viz
from rushlight.viz.measure import text_width

from .geometry import read
from .networks import NETWORKS, branching

NASTY = [
    "<script>alert('&amp;')</script>",
    'quote " and \\ backslash \\N \\"',
    "new\nline\ttab \x00\x1b\ud800",
    "`md` **bold** #35; %% ]] }} --> ;",
    "naïve 重み Ω",
]


def printable(name):
    return name.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace("\ud800", "\ufffd")


def one_line(name):
    return " ".join(printable(name).split())


def nasty_picture(name):
    x = torch.ones(2, requires_grad=True)
    return viz.graph({name: x * 2}, {name: x})


@pytest.mark.parametrize("name", NASTY)
def test_names_are_escaped_in_svg(name):
    svg = nasty_picture(name).svg()
    shown = read(svg)
    expected = printable(name)
    assert shown.texts[0][0].words == expected
    assert shown.titles[0].startswith(expected)
    assert not [e for e in ET.fromstring(svg).iter() if e.tag.endswith("script")]


@pytest.mark.parametrize("name", NASTY)
def test_names_are_escaped_in_dot(name):
    # Outside quoted strings nothing but the grammar is left.
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', '""', nasty_picture(name).dot())
    assert re.fullmatch(r"[\w\s{}\[\]=,;>-]*\"*[\w\s{}\[\]=,;>\".-]*", rest)
    strings = re.findall(r'label="((?:[^"\\]|\\.)*)"', nasty_picture(name).dot())
    text = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), strings[0])
    assert unescape(text.split("\n")[0]) == one_line(name)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_escaped_in_mermaid(name):
    lines = nasty_picture(name).mermaid().splitlines()
    assert lines[0] == "flowchart TD"
    text = re.sub(r"#(\d+);", lambda m: chr(int(m[1])), lines[1])
    assert text.startswith(f'  n0(["{one_line(name)}<br/>')
    label = r'"(?:[\w \[\]().,:=%…×/-]|#\d+;|<br/>)*"'
    for line in lines[1:]:
        assert re.fullmatch(
            rf"  (n\d+[\[(]+{label}[\])]+:::\w+|n\d+ (-->|-\.->) n\d+|classDef \w+ [\w:#,\- ]+)", line
        ), line


def test_text_stays_inside_its_box():
    for network in NETWORKS:
        loss, model = network()
        shown = read(viz.graph(loss, model=model).svg())
        for box, texts in zip(shown.boxes, shown.texts, strict=True):
            for text in texts:
                half = text_width(text.words, text.size, bold=text.bold) / 2
                assert box.left < text.x - half and text.x + half < box.right
                assert box.top < text.baseline - text.size and text.baseline + 0.3 * text.size < box.bottom
            baselines = [text.baseline for text in texts]
            assert baselines == sorted(set(baselines))


@pytest.mark.parametrize("bold", [True, False])
def test_text_is_not_wider_than_estimated(bold):
    fonts = pytest.importorskip("matplotlib.font_manager")
    paths = pytest.importorskip("matplotlib.textpath").TextToPath()
    font = fonts.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=100)
    words = [f"x{c}x" for c in string.printable[:95] + "×…éñßΩαЖ"]
    words += ["layers.0.self_attn.in_proj_weight", "[128, 3, 224, 224] float32", "… 9,820 operations left out"]
    for word in words:
        width, _, _ = paths.get_text_width_height_descent(word.replace("$", "\\$"), font, ismath=False)
        assert width <= text_width(word.replace("$", "\\$"), 100, bold=bold) + 1e-6, word


def test_long_names_are_shortened_in_the_box_and_whole_in_the_tooltip():
    name = "encoder.layers.11." + "very_" * 20 + "long.weight"
    shown = read(nasty_picture(name).svg())
    words = shown.texts[0][0].words
    assert len(words) == 40 and words.startswith("encoder.layers.11.") and words.endswith("long.weight")
    assert shown.titles[0].split("\n")[0] == name


def test_the_legend_explains_what_is_there_and_no_more():
    x = torch.ones(2, requires_grad=True)
    svg = viz.graph(x * 2).svg()
    assert "leaf that requires grad" in svg and "cut off" not in svg and "value only" not in svg
    loss, model = branching()
    svg = viz.graph(loss, model=model).svg()
    assert all(words in svg for words in ("leaf that requires grad", "operation", "result", "cut off", "value only"))


def test_no_colour_of_the_background_is_assumed():
    root = ET.fromstring(nasty_picture("x").svg())
    assert root.find("{http://www.w3.org/2000/svg}rect") is None  # transparent
    # Text outside boxes is of a lightness between black and white.
    legend = root.findall("{http://www.w3.org/2000/svg}g")[1]
    for text in legend.iter("{http://www.w3.org/2000/svg}text"):
        channels = [int(text.get("fill")[i : i + 2], 16) for i in (1, 3, 5)]
        assert 100 < sum(channels) / 3 < 155


def test_the_listing():
    w = torch.ones(3, requires_grad=True)
    x = torch.ones(3)
    picture = viz.graph({"loss": (w * x).sum()}, {"w": w, "unused": torch.ones(1, requires_grad=True)})
    assert str(picture).splitlines() == [
        "w = leaf           [3] float32",
        "%0 = constant      [3] float32",
        "%1 = Mul(w, %0)    [3]",
        "%2 = Sum(%1)       scalar",
        "loss = result(%2)  scalar float32",
        "unused = cut       [1] float32  no gradient reaches it",
    ]
    assert repr(picture) == "<Picture: 2 operations, 1 leaf, 1 result>"


def test_listing_numbers_what_shares_a_name():
    x = torch.ones(3, requires_grad=True)
    assert str(viz.graph({"x": x * 2}, {"x": x})).splitlines() == [
        "%0 = leaf              [3] float32",
        "%1 = Mul(%0, other=2)  [3]",
        "%2 = result(%1)        [3] float32",
    ]


def test_a_notebook_shows_the_picture():
    picture = nasty_picture("x")
    assert picture._repr_svg_() == picture.svg()


@pytest.mark.parametrize("name", NASTY)
def test_saving(tmp_path, name):
    picture = nasty_picture(name)
    for suffix, text in ((".svg", picture.svg()), (".dot", picture.dot()), (".mmd", picture.mermaid())):
        picture.save(tmp_path / f"graph{suffix}")
        assert (tmp_path / f"graph{suffix}").read_text(encoding="utf-8") == text
    picture.save(str(tmp_path / "GRAPH.SVG"))
    with pytest.raises(NotImplementedError, match=r"'\.png' needs a program that draws SVG"):
        picture.save(tmp_path / "graph.png")
    with pytest.raises(ValueError, match=r"cannot save a graph as '\.txt'"):
        picture.save(tmp_path / "graph.txt")
    with pytest.raises(ValueError, match="cannot save a graph as ''"):
        picture.save(tmp_path / "graph")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["GRAPH.SVG", "graph.dot", "graph.mmd", "graph.svg"]
