"""`vmap`: the examples' place in arguments and results, randomness, and what is refused."""

import functools

import numpy as np
import pytest

import rushlight as torch
import rushlight.nn.functional as F
from rushlight._core import batching
from rushlight.func import debug_unwrap, grad, jvp, vmap

X = torch.arange(6.0).reshape(3, 2)


def equal(a, b):
    assert a.shape == b.shape and a.dtype == b.dtype
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-6)


# -- where the examples are -----------------------------------------------------------------------------------------------


def test_in_dims_and_out_dims():
    x, y = torch.arange(24.0).reshape(2, 3, 4), torch.arange(4.0)
    seen = []

    def f(a, b):
        seen.append((a.shape, b.shape))
        return a * b.sum(), a.sum(0)

    left, right = vmap(f, in_dims=(1, None), out_dims=(-1, 1))(x, y)
    assert seen == [((2, 4), (4,))]
    equal(left, (x * 6).movedim(1, -1))
    equal(right, x.sum(0).t())


def test_containers():
    tree = {"a": X, "b": [X + 1, torch.tensor(2.0)]}
    out = vmap(lambda t, s: {"sum": t["a"] + t["b"][0] * t["b"][1], "same": s}, ({"a": 0, "b": [0, None]}, None))(
        tree, X[0]
    )
    equal(out["sum"], X + (X + 1) * 2)
    equal(out["same"], X[0].expand(3, 2))
    assert vmap(lambda x, n: (x * n, None), in_dims=(0, None), out_dims=(0, None))(X, 3)[1] is None


def test_nested():
    x, y = torch.arange(3.0), torch.arange(4.0)
    equal(vmap(vmap(torch.mul, (None, 0)), (0, None))(x, y), x[:, None] * y)
    equal(vmap(vmap(lambda a, b: a @ b, (0, None)), (None, 1))(X, X.t()), (X @ X.t()).t())


def test_keyword_arguments_are_the_same_for_all():
    equal(vmap(lambda x, *, y: x + y)(X, y=X[0]), X + X[0])


def test_no_examples():
    out = vmap(lambda x: (x @ torch.ones(2, 5), x.sum(), x.cumsum(0)))(torch.zeros(0, 2))
    assert [tuple(t.shape) for t in out] == [(0, 5), (0,), (0, 2)]


def test_chunks():
    for size in (1, 2, 3, 5):
        equal(vmap(lambda x: x * 2, chunk_size=size)(X), X * 2)
    left, right = vmap(lambda x, y: (x + y, x), (0, None), (1, 0), chunk_size=2)(X, X[0])
    equal(left, (X + X[0]).t())
    equal(right, X)


def test_over_modules_and_partials():
    layer = torch.nn.Linear(2, 3)
    equal(vmap(layer)(X), layer(X))
    equal(vmap(functools.partial(torch.sum, dim=0))(X), X.sum(1))


def test_history_goes_through():
    x = X.clone().requires_grad_()
    vmap(lambda x: (x * x).sum())(x).sum().backward()
    equal(x.grad, 2 * X)
    assert not vmap(lambda x: x.detach() * 2)(x).requires_grad


def test_gradients_inside_a_function_of_parameters_outside():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    slopes = vmap(grad(lambda x: (x * x * w).sum()))(X)
    equal(slopes, 2 * X * w)
    slopes.sum().backward()
    equal(w.grad, 2 * X.sum(0))


def test_detach_inside_cuts_all_levels():
    equal(grad(lambda x: vmap(lambda x: (x.detach() * x).sum())(x).sum())(X), X)
    equal(jvp(lambda x: vmap(lambda x: x.detach() * x)(x), (X,), (X,))[1], X * X)


# -- shapes and dtypes are those of one example -----------------------------------------------------------------------------


def test_examples_look_like_one():
    def f(x):
        assert x.shape == (2,) and x.ndim == 1 and len(x.shape) == 1 and x.numel() == 2
        assert x.dtype is torch.float32 and x.is_contiguous() and x.stride() == (1,) and not x.requires_grad
        return x.new_zeros(2) + torch.zeros_like(x) + x

    equal(vmap(f)(X), X)


def test_promotion_is_that_of_one_example():
    # A tensor without dimensions does not widen one with dimensions.
    halves = torch.ones(3, 2, dtype=torch.float16)
    assert vmap(lambda x, y: x + y)(halves, torch.ones(3)).dtype is torch.float16
    assert vmap(lambda x: x + 1.5)(torch.arange(3)).dtype is torch.float32


def test_repr():
    seen = []
    vmap(lambda x: seen.append(repr(x)) or x)(torch.ones(2))
    assert seen == ["BatchedTensor(lvl=1, bdim=0, value=\n    tensor([1., 1.])\n)"]


def test_debug_unwrap():
    seen = []
    vmap(lambda x: seen.append(debug_unwrap(x)) or x)(X)
    equal(seen[0], X)


# -- writing in place ---------------------------------------------------------------------------------------------------------


def test_writing_in_place():
    def f(x):
        y = x.clone()
        y[0] = x[1] * 3
        y.mul_(2).add_(x)
        view = y.view(2, 1)
        view[1].zero_()
        return y

    equal(vmap(f)(X), torch.stack([f(x) for x in X]))
    equal(vmap(grad(lambda x: f(x * x).sum()))(X), torch.stack([grad(lambda x: f(x * x).sum())(x) for x in X]))
    assert X.tolist() == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]


def test_a_new_tensor_like_an_example_can_be_written_to():
    def f(x):
        out = x.new_empty(3)
        out[:2] = x
        out[2] = 1
        return out

    equal(vmap(f)(X), torch.cat([X, torch.ones(3, 1)], 1))


def test_a_tensor_that_is_the_same_for_all_cannot_take_what_differs():
    shared = torch.zeros(2)
    with pytest.raises(RuntimeError, match=r"^vmap: inplace arithmetic\(self, \*extra_args\) is not possible because"):
        vmap(lambda x: shared.add_(x))(X)
    vmap(lambda x: shared.add_(1) + x)(X)
    equal(shared, torch.ones(2))


# -- random numbers -----------------------------------------------------------------------------------------------------------


def drawn(f, randomness, **options):
    torch.manual_seed(0)
    return vmap(f, randomness=randomness, **options)(X)


def test_different_random_numbers_are_those_of_one_large_draw():
    torch.manual_seed(0)
    numbers = torch.rand(3, 2)
    equal(drawn(lambda x: torch.rand(2), "different"), numbers)
    equal(drawn(lambda x: torch.rand_like(x), "different"), numbers)
    equal(drawn(lambda x: x.clone().uniform_(), "different"), numbers)
    equal(drawn(lambda x: torch.rand(2), "different", chunk_size=2), numbers)
    torch.manual_seed(0)
    kept = torch.nn.functional.dropout(X)
    equal(drawn(lambda x: torch.nn.functional.dropout(x), "different"), kept)


def test_the_same_random_numbers_for_all():
    torch.manual_seed(0)
    numbers = torch.rand(2).expand(3, 2)
    equal(drawn(lambda x: torch.rand(2) + 0 * x, "same"), numbers)
    equal(drawn(lambda x: x.clone().uniform_(), "same"), numbers)
    equal(drawn(lambda x: torch.rand(2), "same", chunk_size=2), numbers)


def test_random_numbers_inside_of_other_transforms():
    torch.manual_seed(0)
    numbers = torch.rand(3, 2)
    equal(drawn(grad(lambda x: (x * torch.rand(2)).sum()), "different"), numbers)
    torch.manual_seed(0)
    equal(jvp(lambda x: vmap(lambda x: x * torch.rand(2), randomness="different")(x), (X,), (X,))[1], X * numbers)


RANDOM = {
    "rand": lambda x: torch.rand(2),
    "randn": lambda x: torch.randn(2),
    "randint": lambda x: torch.randint(0, 5, (2,)),
    "randperm": lambda x: torch.randperm(2),
    "normal": lambda x: torch.normal(0.0, 1.0, (2,)),
    "bernoulli": lambda x: torch.bernoulli(x),
    "dropout": lambda x: torch.nn.functional.dropout(x),
    "normal_": lambda x: x.clone().normal_(),
    "of what is the same for all": lambda x: torch.bernoulli(torch.full((2,), 0.5)),
}


@pytest.mark.parametrize("f", RANDOM.values(), ids=RANDOM)
def test_random_numbers_are_refused_by_default(f):
    with pytest.raises(RuntimeError, match="^vmap: called random operation while in randomness error mode"):
        vmap(f)(X)


def test_draws_that_cannot_be_the_same_or_cannot_differ():
    with pytest.raises(RuntimeError, match="^Vmap does not currently support same randomness with a batched tensor"):
        vmap(torch.bernoulli, randomness="same")(torch.full((3, 2), 0.5))
    with pytest.raises(RuntimeError, match="^vmap: Cannot ask for different inplace randomness on an unbatched tensor"):
        vmap(lambda x: x + torch.zeros(2).normal_(), randomness="different")(X)


# -- what one example cannot tell ---------------------------------------------------------------------------------------------

ITEM = r"^vmap: It looks like you're calling .item\(\) on a Tensor"
BRANCH = "^vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow"
STORAGE = "^Cannot access data pointer of Tensor that doesn't have storage"
VALUES = {
    "item": (lambda x: x.item(), ITEM),
    "float": (lambda x: float(x), ITEM),
    "int": (lambda x: int(x), ITEM),
    "if": (lambda x: x if x > 0 else -x, BRANCH),
    "while": (lambda x: [None for _ in iter(lambda: bool(x), True)], BRANCH),
    "numpy": (lambda x: np.asarray(x), STORAGE),
    "tolist": (lambda x: x.tolist(), STORAGE),
    "a new tensor": (lambda x: torch.as_tensor([x, x]), ITEM),
    "equal": (lambda x: torch.equal(x, x), STORAGE),
    "a size": (lambda x: torch.zeros(x.long()), ITEM),
    "a range": (lambda x: list(range(x.long())), ITEM),
}


@pytest.mark.parametrize(("f", "message"), VALUES.values(), ids=VALUES)
def test_values_cannot_be_looked_at(f, message):
    for transform in (
        lambda f: vmap(lambda x: f(x[0])),
        lambda f: vmap(vmap(f)),
        lambda f: vmap(vmap(lambda x: jvp(f, (x,), (x,)))),
    ):
        with pytest.raises(RuntimeError, match=message):
            transform(f)(X)


SHAPES = {
    "nonzero": (lambda x: x.nonzero(), "dynamic shape. Attempted to vmap over aten::nonzero"),
    "unique": (lambda x: x.unique(), "dynamic shape. Attempted to vmap over aten::_unique2"),
    "masked_select": (lambda x: x.masked_select(x > 0), "^vmap: Attempted to vmap over `mask` in torch.masked_select"),
    "a mask": (lambda x: x[x > 0], "^vmap: We do not support batching operators that can support dynamic shape"),
}


@pytest.mark.parametrize(("f", "message"), SHAPES.values(), ids=SHAPES)
def test_shapes_that_depend_on_values(f, message):
    with pytest.raises(RuntimeError, match=message):
        vmap(f)(X)


def test_what_escapes_cannot_be_used():
    kept = []
    vmap(lambda x: kept.append(x) or x)(X)
    for use in (
        lambda x: x + 1,
        lambda x: x.sum(),
        lambda x: x[0].item(),
        lambda x: x.view(1, 2) * 2,
        lambda x: bool(x[0]),
    ):
        with pytest.raises(
            RuntimeError, match="^Either your tensor may have escaped from inside a function being vmapped"
        ):
            use(kept[0])


# -- one example after the other ------------------------------------------------------------------------------------------------


def test_without_a_rule_there_is_a_loop_and_one_warning(monkeypatch):
    monkeypatch.setattr(batching, "_warned", set())
    x = torch.tensor([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
    with pytest.warns(UserWarning, match="^There is a performance drop because we have not yet implemented") as caught:
        medians = vmap(torch.median)(x)
    equal(medians, torch.tensor([2.0, 5.0]))
    equal(vmap(grad(torch.median))(x), torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]))  # without another warning
    assert len(caught) == 1 and "aten::median" in str(caught[0].message)
    assert caught[0].filename == __file__
    assert vmap(torch.median)(torch.zeros(0, 3)).shape == (0,)


NO_EXAMPLES = {
    "a convolution": (lambda x, y: F.conv1d(x, torch.ones(4, 2, 2)), [(3, 2, 5), (1,)]),
    "a weight for each": (F.conv1d, [(3, 2, 5), (4, 2, 2)]),
    "the gradient by a weight": (grad(lambda w, x: F.conv2d(x, w).sum()), [(4, 2, 2, 2), (1, 2, 5, 5)]),
    "a linear map for each": (F.linear, [(4, 3), (2, 3)]),
    "losses": (lambda x, y: F.cross_entropy(x, y[:, 0].long(), reduction="none"), [(4, 3), (4, 1)]),
    "a mean of losses": (grad(lambda x, y: F.cross_entropy(x, y[:, 0].long())), [(4, 3), (4, 1)]),
    "a view by strides": (lambda x: torch.view_as_complex(x), [(3, 2)]),
    "margins": (lambda x, y: F.multilabel_margin_loss(x, y.long()), [(4, 3), (4, 3)]),
}


@pytest.mark.parametrize("name", NO_EXAMPLES)
def test_no_examples_of_what_works_on_groups_and_rows(name):
    """The result has the shape that an example gives, and none of them."""
    f, shapes = NO_EXAMPLES[name]
    one = f(*[torch.zeros(shape) for shape in shapes])
    assert vmap(f)(*[torch.zeros(0, *shape) for shape in shapes]).shape == (0, *one.shape)


# -- arguments ------------------------------------------------------------------------------------------------------------------


def named(x, y=None):
    return x


ERRORS = [
    (lambda: vmap(named)(3), r"^vmap\(named, in_dims=0, ...\)\(<inputs>\): Got in_dim=0 for an input but the input is of type"),
    (lambda: vmap(named)(), r"^vmap\(named\)\(<inputs>\): got no inputs. Maybe you forgot to add inputs"),
    (lambda: vmap(named)(torch.ones(2), torch.ones(3)), r"to have the same size in the mapped dimension, got sizes \[2, 3\]"),
    (lambda: vmap(named, in_dims=1)(torch.ones(3)), "that input is a Tensor of dimensionality 1 so expected in_dim to satisfy -1 <= in_dim < 1"),
    (lambda: vmap(named, in_dims=None)(X), "expected `in_dims` to be int or a"),
    (lambda: vmap(named, in_dims=(None,))(X), "^vmap: Expected at least one Tensor to vmap over"),
    (lambda: vmap(named, in_dims=(0, 0))(X), "in_dims is not compatible with the structure of `inputs`"),
    (lambda: vmap(named, in_dims=(1.5,))(X), "Got in_dim=1.5 for an input but in_dim must be either an integer dimension or None"),
    (lambda: vmap(lambda x: 3)(X), "must only return Tensors, got type <class 'int'>. Did you mean to set out_dims= to None"),
    (lambda: vmap(named, out_dims=None)(X), r"^vmap\(named, ...\): `named` can not return a BatchedTensor when out_dim is None"),
    (lambda: vmap(named, out_dims=(0, 0))(X), "out_dims is not compatible with the structure of `outputs`"),
    (lambda: vmap(named, out_dims="a"), "`out_dims` must be an int, None or a python collection of ints"),
    (lambda: vmap(named, chunk_size=0), r"^vmap: chunk_size should be None or greater than 0. \(got 0\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), ERRORS, ids=lambda p: p if isinstance(p, str) else "")
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_other_errors():
    with pytest.raises(
        RuntimeError, match="Only allowed values for randomness are 'error', 'different', or 'same'. Got z"
    ):
        vmap(named, randomness="z")
    with pytest.raises(IndexError, match="Dimension out of range"):
        vmap(named, out_dims=2)(X)


def test_the_level_is_left_after_an_error():
    def fails(x):
        raise KeyError("inside")

    with pytest.raises(KeyError):
        vmap(fails)(X)
    assert torch._core.modes.state.interpreter is None


@pytest.mark.filterwarnings("ignore:There is a performance drop")  # of the operation itself
def test_gradient_of_what_a_mask_scatters():
    """Its shape is that of the source, however many places the mask has in each example."""
    mask = torch.tensor([[True, False, True], [False, True, False]])

    def f(source, mask):
        return (torch.zeros(3).masked_scatter(mask, source) * torch.tensor([2.0, 3.0, 5.0])).sum()

    rows = torch.ones(2, 3)
    equal(vmap(grad(f))(rows, mask), torch.stack([grad(f)(row, m) for row, m in zip(rows, mask)]))


def test_write_to_what_was_detached_is_noticed():
    def f(x):
        y = x * 1
        a, b = y[0], y[1]
        a.mul_(b.detach())
        b.add_(1)
        return y.sum()

    with pytest.raises(RuntimeError, match="has been modified by an inplace operation"):
        vmap(grad(f))(torch.ones(3, 2, 2))


@pytest.mark.parametrize("part", [lambda z: z.real, lambda z: z.imag, lambda z: torch.view_as_real(z)[..., 1]])
def test_tangents_of_writes_through_parts_of_complex_numbers(part):
    def f(x):
        z = torch.complex(x, x * x)
        part(z).mul_(x + 2)
        return z.abs()

    def directed(x):
        return jvp(f, (x,), (x.cos(),))[1]

    rows = torch.tensor([[1.0, 2.0], [3.0, 0.5]])
    equal(vmap(directed)(rows), torch.stack([directed(row) for row in rows]))
