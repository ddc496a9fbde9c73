"""`Batching`: the level of `vmap`, its tensors, and the choice of rules."""

import numpy as np
import pytest

import rushlight as torch
from rushlight._core import batching
from rushlight._core.batching import Batching, aten_name
from rushlight._core.batching_rules import BY_NAME, batching_rule, mapped, one_by_one, rule_of, with_ndim
from rushlight._core.batching_rules.operands import Operand
from rushlight._core.levels import Lifted, Shadow, all_values, spread
from rushlight._core.primitive import REGISTRY, Primitive

X = torch.arange(6.0).reshape(3, 2)


@pytest.fixture
def planted():
    before, rules = dict(REGISTRY), dict(BY_NAME)
    yield lambda forward, **options: Primitive("Planted", forward, **options)
    for table, old in ((REGISTRY, before), (BY_NAME, rules)):
        table.clear()
        table.update(old)


# -- what stands for one example ------------------------------------------------------------------------------------------


def test_a_batched_tensor_has_the_shape_of_one_example_and_no_values():
    with Batching(3, "error") as level:
        x = level.batch(X)
        data = x._data
        assert type(data) is Shadow
        assert (data.shape, data.dtype, data.ndim, data.size) == ((2,), np.float32, 1, 2)
        assert (data.itemsize, data.nbytes, data.strides) == (4, 8, (4,))
        flags = data.flags
        assert flags.c_contiguous and flags.f_contiguous and flags.forc and flags.writeable and not flags.owndata
        for look in (
            np.asarray,
            np.sum,
            lambda d: d + 1,
            lambda d: d[0],
            float,
            list,
            len,
            lambda d: d > 0,
            lambda d: d.T,
        ):
            with pytest.raises(RuntimeError, match="Cannot access data pointer"):
                look(data)


def test_strides_and_contiguity_are_those_of_an_example():
    with Batching(2, "error") as level:
        turned = level.batch(torch.zeros(3, 4, 2).movedim(2, 0).movedim(1, 2))
        assert turned.shape == (4, 3) and turned.stride() == (2, 8)
        assert not turned.is_contiguous() and turned.t().stride() == (8, 2)
        assert level.batch(torch.zeros(2, 0, 4)).is_contiguous()


def test_what_is_the_same_for_all_keeps_its_values():
    with Batching(3, "error") as level:
        shared = level.lift(X)
        assert type(shared._data) is Lifted and shared.sum().item() == 15.0
        assert level.unbatch(X) == (X, False, 2) and level.unbatch(shared) == (X, False, 2)
        assert level.unbatch(3.5) == (3.5, False, 0)


def test_all_values_and_spread():
    with Batching(3, "error") as outer:
        row = outer.batch(X)
        with Batching(2, "error") as inner:
            element = inner.batch(row)
            assert all_values(element) is X._data and all_values(X) is X._data
            made = spread(element, torch.ones(4))
            assert made.shape == (4,)
            assert inner.unbatch(made).value.shape == (2, 4)
        assert outer.unbatch(inner.unbatch(made).value).value.shape == (3, 2, 4)
        assert spread(X, X) is X


# -- rules ------------------------------------------------------------------------------------------------------------------


def test_operands():
    batched, shared = Operand(X, True, 1), Operand(X, False, 2)
    assert batched.shape == (2,) and shared.shape == (3, 2)
    assert mapped(batched, 3) is X and mapped(shared, 5).shape == (5, 3, 2)
    assert with_ndim(batched, 3).shape == (3, 1, 1, 2) and with_ndim(shared, 4) is X


def test_rules_by_name_by_family_and_none(planted):
    assert rule_of(REGISTRY["Add"]) is rule_of(REGISTRY["Mul"])
    assert rule_of(planted(np.sign)) is one_by_one
    assert rule_of(planted(np.negative, derivative=(-1,))) is rule_of(REGISTRY["Neg"])

    @batching_rule("Planted")
    def rule(primitive, operands, params, size):
        return primitive.bind(operands[0].value)

    assert rule_of(planted(np.sign)) is rule


def test_a_wrong_rule_is_noticed(planted):
    """The comparison with a loop, which all records go through, does fail."""
    double = planted(lambda x: x * 2, vjp=lambda g: g * 2, jvp=lambda x_t: x_t * 2)

    @batching_rule("Planted")
    def wrong(primitive, operands, params, size):
        return primitive.bind(operands[0].value.flip(0))

    from tests.ops.samples import Sample
    from tests.ops.test_derivatives import Case
    from tests.ops.test_transforms import test_vmap_is_a_loop, test_vmap_of_gradients_and_gradients_of_vmap

    case = Case("Planted", 0, Sample(double.bind, np.array([1.0, 2.0])), as_complex=False)
    with pytest.raises(AssertionError):
        test_vmap_is_a_loop(case)

    @batching_rule("Planted")
    def cut(primitive, operands, params, size):
        return primitive.bind(operands[0].value.detach())

    test_vmap_is_a_loop(case)
    with pytest.raises(AssertionError):
        test_vmap_of_gradients_and_gradients_of_vmap(case)


def test_without_a_rule_examples_go_one_by_one(planted, monkeypatch):
    monkeypatch.setattr(batching, "_warned", {"Planted"})
    both = planted(lambda x, y: (x.sum(), y), inputs="x y", outputs=2)
    with Batching(3, "error") as level:
        total, same = both.bind(level.batch(X), torch.ones(1))
        assert level.unbatch(total).value.tolist() == [1.0, 5.0, 9.0]
        assert level.unbatch(same).value.shape == (3, 1)
        ragged = planted(lambda x: x[: int(x[0])])
        with pytest.raises(RuntimeError, match="can output dynamic shape. Attempted to vmap over aten::planted"):
            ragged.bind(level.batch(X))
    with Batching(0, "error") as level:
        total, _ = both.bind(level.batch(X[:0]), torch.ones(1))
        assert level.unbatch(total).value.shape == (0,)


def test_names_in_messages():
    assert aten_name(REGISTRY["IndexSelect"]) == "aten::index_select"
    assert aten_name(REGISTRY["MaxBackward1"]) == "aten::max"


def test_a_matrix_that_is_the_same_for_all_is_multiplied_once():
    """Vectors times one matrix are one product of matrices, not a batch of them."""
    from unittest.mock import patch

    weight, x = torch.ones(4, 2), torch.ones(3, 2)
    with patch("numpy.matmul", side_effect=np.matmul) as matmul:
        torch.vmap(lambda x: weight @ x)(x)
        torch.vmap(lambda x: torch.nn.functional.linear(x, weight))(x)
    assert all(max(a.ndim for a in call.args) == 2 for call in matmul.call_args_list)


IGNORED = -100


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("compiled", [False, True])
def test_losses_of_examples_that_ignore_rows(reduction, compiled):
    """Whether rows are ignored is looked at where that may be, and differs from call to call."""
    torch.manual_seed(0)
    scores = torch.randn(4, 3, 5, dtype=torch.float64)

    def loss(x, classes):
        return torch.nn.functional.cross_entropy(x, classes, ignore_index=IGNORED, reduction=reduction)

    both = torch.func.vmap(torch.func.grad_and_value(loss))
    function = torch.compile(both) if compiled else both
    none = torch.randint(0, 5, (4, 3))
    some = none.clone()
    some[0, 1] = some[2, 0] = some[2, 2] = IGNORED
    every = torch.full((4, 3), IGNORED)
    for classes in (none, some, every, none):
        grads, values = function(scores, classes)
        for i in range(4):
            x = scores[i].clone().requires_grad_()
            value = loss(x, classes[i])
            value.backward()
            torch.testing.assert_close(values[i], value.detach(), equal_nan=True)
            torch.testing.assert_close(grads[i], x.grad, equal_nan=True)


def test_losses_of_examples_of_examples():
    scores, classes = torch.randn(2, 4, 3, 5), torch.randint(0, 5, (2, 4, 3))
    classes[1, 2, 0] = IGNORED
    loss = torch.nn.functional.cross_entropy
    nested = torch.func.vmap(torch.func.vmap(loss))(scores, classes)
    wanted = torch.stack([torch.stack([loss(x, y) for x, y in zip(*rows)]) for rows in zip(scores, classes)])
    torch.testing.assert_close(nested, wanted)
