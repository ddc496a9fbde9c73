"""Recurrent layers over packed sequences do for each sequence what they do for it alone."""

import pytest

import rushlight as torch
from rushlight.autograd import gradcheck

rnn = torch.nn.utils.rnn
LENGTHS = [3, 5, 1, 3]


def layer(name, **options):
    torch.manual_seed(3)
    return getattr(torch.nn, name)(2, 3, num_layers=2, dtype=torch.float64, **options)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_each_sequence_is_as_if_alone(name, bidirectional):
    network = layer(name, bidirectional=bidirectional)
    sequences = [torch.randn(n, 2, dtype=torch.float64) for n in LENGTHS]
    states = torch.randn(2, 4 if bidirectional else 2, len(LENGTHS), 3, dtype=torch.float64)
    pair = (lambda s: (s[0], s[1])) if name == "LSTM" else (lambda s: s[0])

    packed, last = network(rnn.pack_sequence(sequences, enforce_sorted=False), pair(states))

    outputs = rnn.unpack_sequence(packed)
    for i, sequence in enumerate(sequences):
        alone, last_alone = network(sequence, pair(states[:, :, i]))
        torch.testing.assert_close(outputs[i], alone)
        for together, one in zip(last, last_alone) if name == "LSTM" else [(last, last_alone)]:
            torch.testing.assert_close(together[:, i], one)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_gradients(name, bidirectional):
    network = layer(name, bidirectional=bidirectional)
    weights = [p.detach().requires_grad_() for p in network.parameters()]
    names = [name for name, _ in network.named_parameters()]

    def run(x, h, *weights):
        packed = rnn.pack_padded_sequence(x, [2, 3, 1], enforce_sorted=False)
        hx = (h, h.cos()) if name == "LSTM" else h
        output, last = torch.func.functional_call(network, dict(zip(names, weights)), (packed, hx))
        padded, _ = rnn.pad_packed_sequence(output, total_length=4)
        return (padded, *(last if name == "LSTM" else (last,)))

    x = torch.randn(3, 3, 2, dtype=torch.float64, requires_grad=True)
    h = torch.randn(4 if bidirectional else 2, 3, 3, dtype=torch.float64, requires_grad=True)
    assert gradcheck(run, (x, h, *weights))


def test_gradients_of_packing_twice_over():
    def there_and_back(x):
        return rnn.pad_packed_sequence(rnn.pack_padded_sequence(x, [1, 3], True, False), padding_value=2.0)[0] ** 3

    x = torch.randn(2, 3, 2, dtype=torch.float64, requires_grad=True)
    assert gradcheck(there_and_back, (x,))
    assert torch.autograd.gradgradcheck(there_and_back, (x,))


def test_a_length_beyond_the_input():
    with pytest.raises(RuntimeError, match="a sequence of length 5 cannot be packed from an input of length 4"):
        rnn.pack_padded_sequence(torch.ones(4, 2), [5, 2])
