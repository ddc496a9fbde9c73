"""Subclasses of Tensor: what they may define."""

import pytest

import rushlight as torch


@pytest.mark.parametrize("name", ["__torch_function__", "__torch_dispatch__"])
def test_methods_that_would_never_be_called_are_refused(name):
    with pytest.raises(NotImplementedError, match=f"^Logged.{name}: Rushlight's operations call no such method, and"):
        type("Logged", (torch.Tensor,), {name: classmethod(lambda cls, *args: None)})


def test_other_subclasses_may_be_defined():
    class Named(torch.Tensor):
        name = "n"

    x = torch.ones(2).as_subclass(Named)
    assert type(x) is Named and x.name == "n" and x.tolist() == [1.0, 1.0]
