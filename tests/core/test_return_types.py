"""Results with several named parts: construction, names, printing, copying and pickling."""

import copy
import pickle

import pytest

import rushlight as torch
import rushlight.return_types
from rushlight._core.return_types import TYPES


@pytest.fixture
def pair() -> torch.return_types.max:
    return torch.tensor([[1.0, 5.0], [7.0, 2.0]]).max(dim=0)


def test_fields_by_name_position_and_unpacking(pair: torch.return_types.max) -> None:
    values, indices = pair
    assert pair.values is values is pair[0]
    assert pair.indices is indices is pair[1]
    assert isinstance(pair, tuple) and type(pair) is torch.return_types.max
    assert (pair.n_fields, pair.n_sequence_fields, pair.n_unnamed_fields) == (2, 2, 0)


def test_fields_match_in_a_pattern(pair: torch.return_types.max) -> None:
    match pair:
        case torch.return_types.max(values, indices):
            assert values.tolist() == [7.0, 5.0] and indices.tolist() == [1, 0]
        case _:
            pytest.fail("did not match")


def test_printed_as_pytorch_prints(pair: torch.return_types.max) -> None:
    assert repr(pair) == "torch.return_types.max(\nvalues=tensor([7., 5.]),\nindices=tensor([1, 0]))"


def test_fields_cannot_be_assigned(pair: torch.return_types.max) -> None:
    with pytest.raises(AttributeError):
        pair.values = None


def test_made_from_one_sequence_of_the_right_length() -> None:
    assert torch.return_types.sort([1, 2]).indices == 2
    with pytest.raises(TypeError, match="constructor requires a sequence"):
        torch.return_types.sort(1)
    with pytest.raises(TypeError, match=r"torch.return_types.sort\(\) takes a 2-sequence \(1-sequence given\)"):
        torch.return_types.sort((1,))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies_have_the_same_type_and_content(pair: torch.return_types.max, copied) -> None:
    again = copied(pair)
    assert type(again) is type(pair)
    assert repr(again) == repr(pair)


def test_pickled_by_name() -> None:
    again = pickle.loads(pickle.dumps(torch.return_types.sort([1, 2])))
    assert type(again) is torch.return_types.sort and again == (1, 2)


def test_every_type_is_in_the_public_module() -> None:
    for name, each in TYPES.items():
        assert getattr(rushlight.return_types, name) is each
        assert each.__name__ == name
        assert each.__module__ == "torch.return_types"
    assert rushlight.return_types.all_return_types == list(TYPES.values())
