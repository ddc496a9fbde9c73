"""Einstein's summation: an equation of labels, taken apart and contracted pair by pair through matrix products."""

from __future__ import annotations

import math
import string
from typing import Any

from .._core.registry import register
from .._core.tensor import Tensor
from .matmul import bmm_p, check_scalar_type, mm_p

LETTERS = string.ascii_uppercase + string.ascii_lowercase  # by their numbers in the list format
ELLIPSIS = "..."

# A dimension's label: a letter, or for those that an ellipsis covers (ELLIPSIS, how far from its right end).
Label = Any


# -- parsing --------------------------------------------------------------------------------------------------


def _terms(equation: str) -> tuple[list[list[str]], list[str] | None]:
    """The labels of each operand and of the output (None where it is not given), ellipses as one label."""
    left, arrow, right = equation.partition("->")
    inputs: list[list[str]] = [[]]
    i = 0
    while i < len(left):
        c = left[i]
        if c == ",":
            inputs.append([])
        elif left.startswith(ELLIPSIS, i) or c == ".":
            _check_dots(left, i, inputs[-1], f"operand {len(inputs) - 1}", "any ellipsis", "for which an ellipsis")
            inputs[-1].append(ELLIPSIS)
            i += 2
        elif c in string.ascii_letters:
            inputs[-1].append(c)
        elif c != " ":
            _raise_invalid(i)
        i += 1
    if not arrow:
        return inputs, None
    output: list[str] = []
    i = 0
    while i < len(right):
        c = right[i]
        if c == ".":
            _check_dots(right, i, output, "output", "any ellipsis (...)", "but an ellipsis (...)")
            output.append(ELLIPSIS)
            i += 2
        elif c in string.ascii_letters:
            output.append(c)
        elif c != " ":
            _raise_invalid(len(left) + 2 + i)
        i += 1
    return inputs, output


def _check_dots(text: str, i: int, found: list[str], where: str, part: str, again: str) -> None:
    if ELLIPSIS in found:
        raise RuntimeError(f"einsum(): found '.' for {where} {again} was already found")
    if not text.startswith(ELLIPSIS, i):
        raise RuntimeError(f"einsum(): found '.' for {where} that is not part of {part}")


def _raise_invalid(i: int) -> None:
    raise RuntimeError(
        f"einsum(): invalid subscript given at index {i} in the equation string, subscripts must be in [a-zA-Z]"
    )


def _equation_of(lists: list[Any], output: Any) -> str:
    """The equation for subscripts given as lists of numbers."""

    def letters(subscripts: Any) -> str:
        found = ""
        for s in subscripts:
            if s is Ellipsis:
                found += ELLIPSIS
            elif 0 <= s < len(LETTERS):
                found += LETTERS[s]
            else:
                raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")
        return found

    equation = ",".join(letters(each) for each in lists)
    return equation if output is None else f"{equation}->{letters(output)}"


def _labels(term: list[str], operand: Tensor, i: int) -> list[Label]:
    """A label for each dimension of an operand."""
    n, ndim = len(term) - (ELLIPSIS in term), operand._data.ndim
    if ELLIPSIS not in term:
        if n != ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({n}) does not match the number of dimensions "
                f"({ndim}) for operand {i} and no ellipsis was given"
            )
        return list(term)
    if n > ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({n}) is more than the number of dimensions ({ndim}) "
            f"for operand {i}"
        )
    at = term.index(ELLIPSIS)
    covered = [(ELLIPSIS, d) for d in range(ndim - n, 0, -1)]
    return [*term[:at], *covered, *term[at + 1 :]]


def _output_labels(term: list[str] | None, inputs: list[list[Label]], covered: list[Label]) -> list[Label]:
    seen = [label for labels in inputs for label in labels]
    if term is None:
        once = sorted(label for label in set(seen) if type(label) is str and seen.count(label) == 1)
        return covered + once
    output: list[Label] = []
    for label in term:
        if label == ELLIPSIS:
            output += covered
            continue
        if label in output:
            raise RuntimeError(f"einsum(): output subscript {label} appears more than once in the output")
        if label not in seen:
            raise RuntimeError(
                f"einsum(): output subscript {label} does not appear in the equation for any input operand"
            )
        output.append(label)
    return output


def _sizes(operands: list[Tensor], inputs: list[list[Label]]) -> dict[Label, int]:
    """The size of each label's dimension; those of size one are broadcast."""
    sizes: dict[Label, int] = {}
    for i, (operand, labels) in enumerate(zip(operands, inputs)):
        own: dict[Label, int] = {}
        for d, (label, n) in enumerate(zip(labels, operand._data.shape)):
            if label in own and own[label] != n:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {i} but the sizes don't match, {n} != "
                    f"{own[label]}"
                )
            own[label] = n
            have = sizes.get(label, 1)
            if have == 1:
                sizes[label] = n
            elif n not in (1, have):
                if type(label) is str:
                    raise RuntimeError(
                        f"einsum(): subscript {label} has size {n} for operand {i} which does not broadcast with "
                        f"previously seen size {have}"
                    )
                raise RuntimeError(
                    f"einsum(): dimension {d} covered by ellipsis in operand {i}has size {n} which does not broadcast "
                    f"with previously seen ellipsis with size {have} for the respective dimension"
                )
    return sizes


# -- contracting ----------------------------------------------------------------------------------------------


def _without_repeats(t: Tensor, labels: list[Label]) -> tuple[Tensor, list[Label]]:
    """Diagonals where an operand has a label twice."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            t = t.diagonal(0, first, second)  # which comes last
            labels = [*(each for d, each in enumerate(labels) if d not in (first, second)), label]
    return t, labels


def _summed(t: Tensor, labels: list[Label], over: set[Label]) -> tuple[Tensor, list[Label]]:
    dims = [d for d, label in enumerate(labels) if label in over]
    if not dims:
        return t, labels
    return t.sum(dims), [label for label in labels if label not in over]


def _squeezed(t: Tensor, labels: list[Label], other: list[Label], sizes: dict[Label, int]) -> tuple[Any, list[Label]]:
    """Without the dimensions of size one that the other operand has in full."""
    dims = [d for d, label in enumerate(labels) if label in other and t._data.shape[d] == 1 and sizes[label] != 1]
    if not dims:
        return t, labels
    return t.squeeze(dims), [label for d, label in enumerate(labels) if d not in dims]


def _aligned(t: Tensor, labels: list[Label], order: list[Label]) -> Tensor:
    """``t`` with a dimension for each label of ``order``, of size one where it has none."""
    present = [label for label in order if label in labels]
    dims = [labels.index(label) for label in present]
    if dims != sorted(dims):
        t = t.permute(dims)
    for d, label in enumerate(order):
        if label not in labels:
            t = t.unsqueeze(d)
    return t


def _contract(
    a: Tensor, of_a: list[Label], b: Tensor, of_b: list[Label], kept: set[Label], sizes: dict[Label, int]
) -> tuple[Tensor, list[Label]]:
    """The product of two operands, summed over the labels that are not kept."""
    here = set(of_a) | set(of_b)
    a, of_a = _squeezed(a, of_a, of_b, sizes)
    b, of_b = _squeezed(b, of_b, of_a, sizes)
    a, of_a = _summed(a, of_a, set(of_a) - set(of_b) - kept)
    b, of_b = _summed(b, of_b, set(of_b) - set(of_a) - kept)
    both = [label for label in of_a if label in of_b]
    over = [label for label in both if label not in kept]
    batch = [label for label in both if label in kept]
    left = [label for label in of_a if label not in both]
    right = [label for label in of_b if label not in both]
    order = [*batch, *left, *right]
    if not over:
        out = _aligned(a, of_a, order) * _aligned(b, of_b, order)
        return (out if here <= kept else out.view(out._data.shape)), order
    check_scalar_type(a, b)
    n, m, k, p = (math.prod(sizes[label] for label in labels) for labels in (batch, left, over, right))
    a = _aligned(a, of_a, [*batch, *left, *over])
    b = _aligned(b, of_b, [*batch, *over, *right])
    if batch:
        out = bmm_p(a.reshape(n, m, k), b.reshape(n, k, p))
    else:
        out = mm_p(a.reshape(m, k), b.reshape(k, p))
    return out.view([sizes[label] for label in order]), order


def _evaluate(
    operands: list[Tensor], inputs: list[list[Label]], output: list[Label], sizes: dict[Label, int]
) -> Tensor:
    pairs = [_without_repeats(t, labels) for t, labels in zip(operands, inputs)]
    result, labels = pairs[0]
    if len(pairs) == 1:
        rest = [label for label in labels if label not in output]
        result = result.permute([labels.index(label) for label in (*output, *rest)])
        return result.sum(list(range(len(output), len(labels)))) if rest else result
    contracted = False
    for i, (operand, own) in enumerate(pairs[1:], 1):
        later = {label for _, following in pairs[i + 1 :] for label in following}
        kept = later | set(output)
        contracted = not set(labels) | set(own) <= kept
        result, labels = _contract(result, labels, operand, own, kept, sizes)
    if labels != output:
        result = result.permute([labels.index(label) for label in output])
        if contracted:
            result = result.view(result._data.shape)
    return result


def einsum(*args: Any) -> Tensor:
    """Sums of products, by an equation: ``einsum("ij,jk->ik", a, b)`` is a matrix product.

    Each letter names a dimension; operands are multiplied along equal letters and summed over those that the output
    does not have. A letter twice in an operand takes its diagonal; ``...`` stands for any dimensions, broadcast.
    Without ``->`` the output has the letters that occur once, in alphabetical order. Instead of an equation,
    operands may alternate with lists of numbers from 0 to 51: ``einsum(a, [0, 1], b, [1, 2], [0, 2])``.

    Operands are contracted from left to right.

    >>> import rushlight as torch
    >>> torch.einsum("ij,j->i", torch.ones(2, 3), torch.tensor([1.0, 2.0, 3.0]))
    tensor([6., 6.])
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one operand and its "
            "subscripts list"
        )
    if isinstance(args[0], Tensor):
        equation = _equation_of(list(args[1::2]), args[-1] if len(args) % 2 else None)
        operands = list(args[0 : len(args) - len(args) % 2 : 2])
    else:
        equation = args[0]
        if not isinstance(equation, str):
            kind = type(equation).__name__
            raise TypeError(f"einsum(): argument 'equation' (position 1) must be str, not {kind}")
        operands = list(args[1]) if len(args) == 2 and isinstance(args[1], (list, tuple)) else list(args[1:])
    for i, t in enumerate(operands):
        if not isinstance(t, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 1, but got {type(t).__name__}")
    terms, output_term = _terms(equation)
    if len(terms) != len(operands):
        which = "more" if len(operands) > len(terms) else "fewer"
        raise RuntimeError(f"einsum(): {which} operands were provided than specified in the equation")
    inputs = [_labels(term, t, i) for i, (term, t) in enumerate(zip(terms, operands))]
    widest = max((label[1] for labels in inputs for label in labels if type(label) is tuple), default=0)
    covered = [(ELLIPSIS, d) for d in range(widest, 0, -1)]
    sizes = _sizes(operands, inputs)
    return _evaluate(operands, inputs, _output_labels(output_term, inputs, covered), sizes)


register(einsum, method=False, out=False)
