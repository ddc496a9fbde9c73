"""What a picture says: boxes, arrows, names, shapes, where gradients flow and where they were cut."""

import gc
import weakref

import pytest

import rushlight as torch
from rushlight import nn, viz
from rushlight.viz.diagram import CONSTANT, CUT, LEAF, MORE, OPERATION, RESULT
from rushlight.viz.history import History, Names
from rushlight.viz.shapes import Shapes
from tests.ops import samples

from .geometry import check
from .networks import NETWORKS


def leaf(*shape, **kwargs):
    return torch.ones(*shape, requires_grad=True, **kwargs)


def boxes(picture, kind):
    return [box for box in picture.diagram.boxes if box.kind == kind]


def titles(picture, kind):
    return [box.title for box in boxes(picture, kind)]


def arrows(picture):
    """The arrows by the titles of their boxes."""
    title = [box.title for box in picture.diagram.boxes]
    return [(title[a.source], title[a.target], a.flows) for a in picture.diagram.arrows]


# -- boxes and arrows ------------------------------------------------------------------------------------------


def test_operations_leaves_and_results():
    w, x = leaf(4, 3), torch.ones(2, 3)
    picture = viz.graph((x @ w.T).sum(), params={"w": w, "x": x})
    assert titles(picture, LEAF) == ["w"]
    assert titles(picture, OPERATION) == ["Permute", "Mm", "Sum"]
    assert titles(picture, RESULT) == ["result"]
    assert titles(picture, CONSTANT) == ["x"]
    assert set(arrows(picture)) == {
        ("w", "Permute", True),
        ("Permute", "Mm", True),
        ("x", "Mm", False),
        ("Mm", "Sum", True),
        ("Sum", "result", True),
    }
    assert [box.shape for box in picture.diagram.boxes] == [
        "[4, 3] float32", "[3, 4]", "[2, 3] float32", "[2, 4]", "scalar", "scalar float32",
    ]  # fmt: skip
    assert boxes(picture, OPERATION)[0].details[0] == "PermuteBackward0"
    assert "requires_grad=True" in boxes(picture, LEAF)[0].details


def test_an_operand_used_twice_has_two_arrows():
    x = leaf(3)
    assert arrows(viz.graph(x * x, {"x": x})) == [("x", "Mul", True), ("x", "Mul", True), ("Mul", "result", True)]


def test_arrows_come_in_the_order_of_the_arguments():
    a, b = leaf(3), leaf(3)
    assert [s for s, t, _ in arrows(viz.graph(a - b, {"a": a, "b": b})) if t == "Sub"] == ["a", "b"]


def test_numbers_and_parameters_stand_in_the_box():
    x = leaf(3, 4)
    (box,) = boxes(viz.graph(x * 2.5), OPERATION)
    assert box.settings == "other=2.5"
    (box,) = boxes(viz.graph(x.sum(1, keepdim=True)), OPERATION)
    assert box.settings == "dim=[1], keepdim=True"


def test_an_input_that_was_not_kept_is_shown_as_such():
    x = leaf(3)
    picture = viz.graph(x + torch.ones(3))
    (box,) = boxes(picture, CONSTANT)
    assert box.title == "no gradient" and "keeps nothing" in box.details[0]
    assert ("no gradient", "Add", False) in arrows(picture)


def test_several_results_of_one_operation():
    x = leaf(3, 4)
    a, b, c = x.unbind(0)
    picture = viz.graph({"sum": a + b, "c": c}, {"x": x})
    assert titles(picture, OPERATION).count("Unbind") == 1
    assert boxes(picture, OPERATION)[0].shape == "3 × [4]"
    assert ("Unbind", "c", True) in arrows(picture)


def test_results_that_are_leaves_or_have_no_history():
    x = leaf(3)
    assert arrows(viz.graph(x, {"x": x})) == [("x", "result", True)]
    picture = viz.graph(torch.ones(2, dtype=torch.int64))
    assert [(b.kind, b.title, b.shape) for b in picture.diagram.boxes] == [(CONSTANT, "result", "[2] int64")]


def test_a_custom_function():
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = leaf(3)
    picture = viz.graph(Twice.apply(x), {"x": x})
    assert arrows(picture) == [("x", "Twice", True), ("Twice", "result", True)]


def test_after_the_backward_pass_the_operations_are_still_there():
    x = leaf(3)
    y = (x.exp() * x).sum()
    y.backward()
    picture = viz.graph(y, {"x": x})
    assert titles(picture, OPERATION) == ["Exp", "Mul", "Sum"]
    assert any("freed" in detail for box in boxes(picture, OPERATION) for detail in box.details)


def test_in_place_operations_and_views():
    x = leaf(4)
    y = x * 1.0
    y[1:3].mul_(2.0)
    picture = viz.graph(y.sum(), {"x": x})
    assert titles(picture, OPERATION)[-2:] == ["CopySlices", "Sum"]
    check(picture.svg(), len(picture.diagram.arrows))


def test_a_picture_holds_no_tensors():
    x = leaf(3)
    y = x * 2
    alive = weakref.ref(y.grad_fn), weakref.ref(x)
    picture = viz.graph(y)
    del x, y
    gc.collect()
    assert [ref() for ref in alive] == [None, None]
    assert picture.svg()


def test_values_that_hooks_have_packed():
    x = leaf(3)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: ("packed", t), lambda p: p[1]):
        y = (x.exp() * x).sum()
    assert titles(viz.graph(y, {"x": x}), OPERATION) == ["Exp", "Mul", "Sum"]


def test_inside_a_transform():
    pictures = []

    def f(x):
        y = x.sin().sum()
        pictures.append(viz.graph(y, {"x": x}))
        return y

    torch.func.grad(f)(torch.ones(3))
    assert arrows(pictures[0]) == [("x", "Sin", True), ("Sin", "Sum", True), ("Sum", "result", True)]


# -- names ---------------------------------------------------------------------------------------------------


def test_names_from_a_model():
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1))
    picture = viz.graph(model(torch.ones(4, 3)).sum(), model=model)
    assert titles(picture, LEAF) == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_names_from_pairs_win_over_the_models():
    model = nn.Linear(3, 2)
    loss = model(torch.ones(4, 3)).sum()
    pairs = ((f"net/{name}", p) for name, p in model.named_parameters())
    assert titles(viz.graph(loss, pairs, model), LEAF) == ["net/weight", "net/bias"]


def test_computed_values_have_names_too():
    x = leaf(3)
    hidden = x.exp()
    (exp, _) = boxes(viz.graph((hidden * x).sum(), {"hidden": hidden}), OPERATION)[:2]
    assert (exp.title, exp.operation, exp.shape) == ("hidden", "Exp", "[3]")


def test_unnamed_leaves():
    assert titles(viz.graph(nn.Parameter(torch.ones(2)) * leaf(2)), LEAF) == ["parameter", "tensor"]


# -- where gradients flow, and where they were cut ---------------------------------------------------------------


def test_detached_values_say_where():
    x = leaf(3)
    hidden = x.exp()
    cut = hidden.detach()
    picture = viz.graph((hidden * cut).sum(), {"x": x})
    (box,) = boxes(picture, CUT)
    assert box.remarks[0] == "cut by .detach()" and box.remarks[1].startswith("test_graph.py:")
    assert arrows(picture)[:4] == [
        ("x", "Exp", True),
        ("Exp", "tensor", False),  # where it was cut from
        ("Exp", "Mul", True),
        ("tensor", "Mul", False),
    ]


def test_a_detached_leaf_is_drawn_below_it():
    x = leaf(3)
    assert ("x", "tensor", False) in arrows(viz.graph(x * x.detach(), {"x": x}))


def test_memory_that_was_written_to_is_not_taken_for_what_it_was():
    x = leaf(3)
    hidden = x * 1.0
    cut = hidden.detach().requires_grad_(False)
    y = x * cut
    hidden.add_(y)  # the memory of `cut` is now that of a value that comes later
    picture = viz.graph({"hidden": hidden, "y": y}, {"x": x})
    assert not [arrow for arrow in arrows(picture) if arrow[1] == "tensor"]


def test_values_made_without_recording():
    x = leaf(3)
    with torch.no_grad():
        y = x * 2
    (box,) = boxes(viz.graph(x * y), CUT)
    assert box.remarks[0] == "cut by torch.no_grad()"
    (box,) = viz.graph({"loss": y}).diagram.boxes  # a loss that nothing can be differentiated through
    assert (box.kind, box.title) == (CUT, "loss")


def test_parameters_that_no_gradient_reaches():
    model = nn.ModuleDict({"used": nn.Linear(3, 2), "unused": nn.Linear(3, 2)})
    model["unused"].bias.requires_grad_(False)
    picture = viz.graph(model["used"](torch.ones(1, 3)), model=model)
    assert [(b.title, b.remarks) for b in boxes(picture, CUT)] == [("unused.weight", ["no gradient reaches it"])]
    assert ("unused.bias", ["requires_grad=False"]) in [(b.title, b.remarks) for b in boxes(picture, CONSTANT)]


def test_a_frozen_parameter_that_was_used_is_not_called_unused():
    w, x = nn.Parameter(torch.ones(3), requires_grad=False), leaf(3)
    picture = viz.graph(w * x, {"w": w, "x": x})
    assert [(b.title, b.remarks) for b in boxes(picture, CONSTANT)] == [("w", [])]


def test_a_result_without_history_that_another_one_uses_has_one_box():
    x = leaf(3)
    with torch.no_grad():
        target = x * 2
    picture = viz.graph({"loss": (x * target).sum(), "target": target}, {"x": x})
    assert titles(picture, CUT) == ["target"]


# -- shapes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [pytest.param(group, id=name) for name, group in samples.collect().items()])
def test_shapes_are_right_where_they_are_known(group):
    """Of each operation: what its own record tells of its result, without the result at hand, is what it is."""
    for sample in group:
        inputs = [torch.tensor(i, requires_grad=i.dtype.kind == "f") for i in sample.inputs]
        out = sample.function(*inputs)
        results = {str(i): t for i, t in enumerate(out if isinstance(out, (tuple, list)) else (out,))}
        results = {name: t for name, t in results.items() if isinstance(t, torch.Tensor) and t.grad_fn is not None}
        nodes = History(results, Names(None, None, results)).nodes
        shapes = Shapes()
        for node in nodes:
            shapes.look(node)
        shapes.follow(nodes)
        for t in results.values():
            known = shapes.shape.get((id(t.grad_fn), t.output_nr))
            assert known is None or known == tuple(t.shape), (sample, t.grad_fn)


def test_shapes_follow_from_the_consumers():
    x, w = leaf(2, 3), leaf(3, 4)
    picture = viz.graph({"y": ((x @ w).exp().T + 1).sum()})
    assert [box.shape for box in boxes(picture, OPERATION)] == ["[2, 4]", "[2, 4]", "[4, 2]", "[4, 2]", "scalar"]


def test_an_unknown_shape_is_left_out():
    x, w = leaf(2, 3), leaf(3, 4)
    (product, _, _) = boxes(viz.graph(torch.stack([x @ w]).sum()), OPERATION)
    assert product.shape == "" and "does not tell the shape" in product.details[1]


# -- long and wide histories ------------------------------------------------------------------------------------


def test_the_middle_of_a_long_history_is_left_out():
    x = y = leaf(2)
    for _ in range(10_000):
        y = y * x
    picture = viz.graph(y.sum(), {"x": x}, max_nodes=20)
    assert len(picture.diagram.boxes) <= 22
    (more,) = boxes(picture, MORE)
    shown = len(boxes(picture, OPERATION))
    assert more.title == f"… {10_001 - shown:,} operations left out"
    assert more.remarks == [f"{10_001 - shown:,} Mul"]
    assert titles(picture, OPERATION)[-1] == "Sum"
    assert ("x", more.title, True) in arrows(picture)
    check(picture.svg(), len(picture.diagram.arrows))


def test_what_only_the_left_out_use_is_counted():
    leaves = {f"p{i}": leaf(2) for i in range(100)}
    total = 0.0
    for p in leaves.values():
        total = total + (p * p).sum()
    picture = viz.graph(total, leaves, max_nodes=30)
    (more,) = boxes(picture, MORE)
    hidden = 100 - len(boxes(picture, LEAF))
    assert more.remarks[-1] == f"and {hidden} leaves that only they use"
    assert {"p50", "p51"} <= set(more.details)
    assert len(boxes(picture, LEAF)) + len(boxes(picture, OPERATION)) <= 30
    assert not boxes(picture, CUT)  # left out is not the same as not reached


def test_one_operation_on_very_many_leaves():
    picture = viz.graph(torch.stack([leaf(2) for _ in range(3000)]), max_nodes=40)
    (more,) = boxes(picture, MORE)
    assert len(boxes(picture, LEAF)) <= 40
    assert more.title == f"… and {3000 - len(boxes(picture, LEAF)):,} more tensors"
    check(picture.svg(), len(picture.diagram.arrows))


def test_very_many_results_and_parameters():
    x = leaf(2)
    unused = {f"u{i}": leaf(1) for i in range(100)}
    picture = viz.graph([x * i for i in range(1000)], unused, max_nodes=40)
    assert len(picture.diagram.boxes) < 80
    assert {"… and 980 more results", "… and 76 more parameters"} < set(titles(picture, MORE))
    check(picture.svg(), len(picture.diagram.arrows))


@pytest.mark.parametrize("max_nodes", [1, 2, 3, 5, 8, 13, 21, 34, 1000])
@pytest.mark.parametrize("network", NETWORKS)
def test_networks(network, max_nodes):
    loss, model = network()
    picture = viz.graph(loss, model=model, max_nodes=max_nodes)
    check(picture.svg(), len(picture.diagram.arrows))
    assert all(arrow.source < arrow.target for arrow in picture.diagram.arrows)
    assert "loss" in str(picture) or "result" in str(picture)


# -- what is refused ---------------------------------------------------------------------------------------------


def test_what_cannot_be_drawn():
    with pytest.raises(TypeError, match="not float"):
        viz.graph(1.0)
    with pytest.raises(TypeError, match="'result 1' is of type int"):
        viz.graph([leaf(2), 1])
    with pytest.raises(TypeError, match="'w' is of type list"):
        viz.graph(leaf(2), {"w": [1]})
    with pytest.raises(ValueError, match="no tensor"):
        viz.graph([])
    with pytest.raises(ValueError, match="max_nodes"):
        viz.graph(leaf(2), max_nodes=0)
