"""Complex tensors: parts that share memory, conjugates, angles, and gradients through all of them."""

import numpy as np
import pytest

import rushlight as torch


def make(*shape: int) -> torch.Tensor:
    rng = np.random.default_rng(len(shape))
    return torch.tensor(rng.normal(size=shape) + 1j * rng.normal(size=shape))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2)])
def test_parts_are_views(shape: tuple[int, ...]) -> None:
    z = make(*shape)
    assert torch.view_as_real(z).shape == torch.Size((*shape, 2))
    z.real.fill_(3)
    z.imag.zero_()
    assert np.array_equal(z.numpy(), np.full(shape, 3 + 0j))
    assert z._version == 2
    assert z.real._base is z


def test_parts_of_transposed_and_stepped_tensors_share_memory() -> None:
    z = make(4, 6)
    for view in (z.t(), z[::2, 1::3], z[:, 2]):
        assert np.array_equal(view.real.numpy(), view.numpy().real)
        assert np.array_equal(torch.view_as_real(view).numpy()[..., 1], view.numpy().imag)
        view.imag.fill_(9)
        assert np.all(view.numpy().imag == 9)


def test_real_pairs_as_complex_numbers_share_memory() -> None:
    x = torch.arange(8.0).view(2, 4)
    z = torch.view_as_complex(x[:, 2:])
    z.mul_(2)
    assert x.tolist() == [[0, 1, 4, 6], [4, 5, 12, 14]]
    assert torch.view_as_complex(torch.tensor([1.0, 2.0])).item() == 1 + 2j


def test_assigning_to_a_part() -> None:
    z = make(2)
    z.real = torch.tensor([1.0, 2.0])
    z.imag = 5
    assert z.tolist() == [1 + 5j, 2 + 5j]


def test_writing_through_a_part_enters_the_history() -> None:
    w = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    z = torch.complex(w, w) * 1
    z.real.mul_(w)
    (z.real + z.imag).sum().backward()
    assert w.grad.tolist() == [2 * 1 + 1, 2 * 2 + 1]


def test_a_real_tensor_has_itself_for_real_part_and_conjugate() -> None:
    x = torch.tensor([1.0])
    assert x.real is x
    assert x.conj() is x
    assert torch.conj_physical(x) is x
    assert torch.resolve_conj(x) is x
    with pytest.raises(RuntimeError, match=r"^imag is not implemented for tensors with non-complex dtypes"):
        x.imag  # noqa: B018


def test_gradients_of_parts_and_sizes() -> None:
    z = torch.tensor([3 + 4j, 0j], requires_grad=True)
    z.abs().sum().backward()
    assert z.grad.tolist() == [pytest.approx(0.6 + 0.8j), 0]
    for part, expected in (("real", 1), ("imag", 1j)):
        z.grad = None
        getattr(z, part).sum().backward()
        assert z.grad.tolist() == [expected, expected]


def test_the_gradient_of_polar_with_a_negative_size() -> None:
    size = torch.tensor([-1.5, 0.0], dtype=torch.float64, requires_grad=True)
    angle = torch.tensor([0.3, 0.7], dtype=torch.float64, requires_grad=True)
    torch.view_as_real(torch.polar(size, angle)).sum().backward()
    np.testing.assert_allclose(size.grad.numpy(), np.cos([0.3, 0.7]) + np.sin([0.3, 0.7]))
    np.testing.assert_allclose(angle.grad.numpy(), [-1.5 * (np.cos(0.3) - np.sin(0.3)), 0.0])


def test_what_numpy_cannot_hold_is_refused() -> None:
    h = torch.ones(2, dtype=torch.float16)
    for call in (lambda: torch.complex(h, h), lambda: torch.polar(h, h), lambda: torch.view_as_complex(h)):
        with pytest.raises(NotImplementedError, match="complex32"):
            call()


def test_a_sum_of_real_and_complex_gives_real_gradients() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
    (x * z).abs().sum().backward()
    assert x.grad.dtype is torch.float32
    np.testing.assert_allclose(x.grad.numpy(), np.abs([1 + 2j, 3 - 1j]), rtol=1e-6)
    assert z.grad.dtype is torch.complex64


# -- conjugates are copies that cannot be written to ------------------------------------------------------------------

WRITES = {
    "mul_": lambda y: y.mul_(2),
    "+=": lambda y: y.__iadd__(1),
    "fill_": lambda y: y.fill_(0),
    "copy_": lambda y: y.copy_(torch.zeros(2, 2)),
    "item": lambda y: y.__setitem__(0, 1),
    "items": lambda y: y.__setitem__(torch.tensor([0]), 1),
    "mask": lambda y: y.__setitem__(torch.tensor([True, False]), 1),
    "row": lambda y: y[0].zero_(),
    "real part": lambda y: y.real.zero_(),
    "imaginary part": lambda y: y.imag.mul_(2),
    "out": lambda y: torch.add(1, torch.zeros(2, 2) * 1j, out=y),
    "random": lambda y: y.normal_(),
    "scatter_": lambda y: y.scatter_(0, torch.tensor([[0]]), 1),
    "reshaped": lambda y: y.reshape(4).mul_(2),
    "detached": lambda y: y.detach().mul_(2),
    "expanded": lambda y: y.expand(3, 2, 2)[0].mul_(2),
}
CONJUGATES = {
    "conj": lambda z: z.conj(),
    "mH": lambda z: z.mH,
    "H": lambda z: z.H,
    "adjoint": torch.adjoint,
    "twice": lambda z: z.conj().conj(),
    "recorded": lambda z: (z * torch.ones((), requires_grad=True)).conj(),
}


def square() -> torch.Tensor:
    return torch.tensor([[1 + 2j, 3 - 1j], [2j, -1]])


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_through_a_conjugate_is_refused(write) -> None:
    z = square()
    y = z.conj()
    with pytest.raises(NotImplementedError, match="writing through conj"):
        write(y)
    assert torch.equal(z, square())
    assert torch.equal(y, square().conj())


@pytest.mark.parametrize("conjugate", CONJUGATES.values(), ids=CONJUGATES)
def test_conjugates_say_what_they_are(conjugate) -> None:
    y = conjugate(square())
    assert y.is_conj()
    assert y[0].is_conj() and y.detach().is_conj() and y.mT.is_conj()
    with pytest.raises(NotImplementedError, match="writing through conj"):
        y.mul_(2)
    for own in (y.clone(), y.resolve_conj(), y * 1, y.conj_physical(), torch.tensor(y.tolist())):
        assert not own.is_conj()
        own.detach().mul_(2)


def test_what_is_no_conjugate() -> None:
    for t in (square(), square().mT, torch.ones(2, 2).conj(), torch.ones(2, 2).mH, torch.tensor(1j).expand(2)):
        assert not t.is_conj() and not t.is_neg()
        assert t.resolve_conj() is t and t.resolve_neg() is t


def test_a_conjugate_keeps_its_layout() -> None:
    assert square().mT.conj().stride() == (1, 2)
    assert torch.tensor(1j).conj().is_conj()


def test_gradients_through_conjugates_may_be_written_to() -> None:
    z = square().requires_grad_()
    torch.autograd.backward(z.mH, torch.eye(2) * 1j)
    assert torch.equal(z.grad.mul_(2), torch.eye(2) * -2j)


def test_a_conjugate_under_transforms() -> None:
    z = square()
    assert torch.vmap(lambda row: torch.tensor(row.conj().is_conj()))(z).all()
    with pytest.raises(NotImplementedError, match="writing through conj"):
        torch.vmap(lambda row: row.conj().mul_(2))(z)
    with pytest.raises(NotImplementedError, match="writing through conj"):
        torch.func.jvp(lambda z: z.conj().mul_(2), (z,), (z,))
