"""The messages of autograd's errors: PyTorch's sentence first, then which tensor, which line, what to do."""

from __future__ import annotations

from typing import Any, NoReturn


def describe(t: Any) -> str:
    """``torch.FloatTensor [2, 3]``, as PyTorch's messages call a tensor."""
    from .dtypes import from_numpy_dtype, scalar_type_name

    kind = scalar_type_name(from_numpy_dtype(t._data.dtype))
    return f"torch.{kind}Tensor {list(t._data.shape)}"


def raise_freed(node: Any) -> NoReturn:
    place = node.saved
    first = f"\nIts first backward pass was started at {place}." if place is not None else ""
    raise RuntimeError(
        "Trying to backward through the graph a second time (or directly access saved tensors after they have "
        "already been freed). Saved intermediate values of the graph are freed when you call .backward() or "
        "autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or "
        "if you need to access saved tensors after calling backward." + first
    )


def raise_changed(node: Any, value: Any, version: Any) -> NoReturn:
    place = value._counter.place
    where = f"\nIt was last changed at {place}." if place is not None else ""
    output = value.output_nr if value._fn is not None else 0
    of = f", which is output {output} of {value.grad_fn.name()}," if value.grad_fn is not None else ""
    raise RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{describe(value)}]{of} is at version {value._version}; expected version {version} instead. Hint: "
        "enable anomaly detection to find the operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True)." + where
    )


def raise_forward(primitive: Any, arrays: list[Any], error: Exception) -> NoReturn:
    """NumPy refused: say it in PyTorch's words where the shapes are to blame."""
    shapes = [a.shape for a in arrays if hasattr(a, "shape")]
    if primitive.broadcasts and len(shapes) > 1:
        raise_broadcast(shapes, error)
    raise error


def raise_broadcast(shapes: list[tuple[int, ...]], error: Exception | None = None) -> NoReturn:
    done: tuple[int, ...] = shapes[0]
    for shape in shapes[1:]:
        longest = max(len(done), len(shape))
        a, b = ((1,) * (longest - len(s)) + tuple(s) for s in (done, shape))
        for dim in reversed(range(longest)):
            if a[dim] != b[dim] and 1 not in (a[dim], b[dim]):
                raise RuntimeError(
                    f"The size of tensor a ({a[dim]}) must match the size of tensor b ({b[dim]}) at "
                    f"non-singleton dimension {dim}\nThe shapes were {list(done)} and {list(shape)}: they are "
                    "aligned at the last dimension, and each pair of sizes must be equal or hold a 1."
                ) from error
        done = tuple(max(x, y) if x and y else 0 for x, y in zip(a, b, strict=True))
    raise error if error is not None else AssertionError(shapes)


def raise_not_scalar(t: Any) -> NoReturn:
    raise RuntimeError("grad can be implicitly created only for scalar outputs")


def raise_complex_root(t: Any) -> NoReturn:
    raise RuntimeError("grad can be implicitly created only for real scalar outputs but got " + describe(t))


def raise_no_grad_root(t: Any, index: int) -> NoReturn:
    raise RuntimeError(f"element {index} of tensors does not require grad and does not have a grad_fn")


def raise_cotangent_shape(t: Any, g: Any) -> NoReturn:
    raise RuntimeError(
        f"Mismatch in shape: grad_output[0] has a shape of torch.Size({list(g._data.shape)}) and output[0] has a "
        f"shape of torch.Size({list(t._data.shape)})."
    )


def raise_cotangent_dtype(t: Any, g: Any) -> NoReturn:
    raise RuntimeError(
        "For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in dtype: "
        f"grad_output[0] has a dtype of {g.dtype} and output[0] has a dtype of {t.dtype}."
    )


def raise_leaf_write(t: Any, *, view: bool) -> NoReturn:
    of = "a view of a leaf Variable" if view else "a leaf Variable"
    raise RuntimeError(f"{of} that requires grad is being used in an in-place operation.")


def raise_several_view(t: Any) -> NoReturn:
    raise RuntimeError(
        "Output 0 of a function that returns several views is a view and is being modified inplace. This view is the "
        "output of a function that returns multiple views. Such functions do not allow the output views to be modified "
        "inplace. You should replace the inplace operation by an out-of-place one."
    )


def raise_no_grad_view(t: Any) -> NoReturn:
    raise RuntimeError(
        "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use "
        "case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the "
        "inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if "
        "you want the inplace to be tracked)."
    )


def raise_inference_write(t: Any) -> NoReturn:
    raise RuntimeError(
        "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal "
        "tensor before doing inplace update."
    )


def raise_overlapping_write(t: Any) -> NoReturn:
    raise RuntimeError(
        "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
        "Please clone() the tensor before performing the operation."
    )


def warn_non_leaf_grad(t: Any) -> None:
    import warnings

    warnings.warn(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, "
        "use .retain_grad() on the non-leaf Tensor.",
        UserWarning,
        stacklevel=3,
    )


def raise_no_grad_retained(t: Any) -> NoReturn:
    raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")


def raise_no_grad_hook(t: Any) -> NoReturn:
    raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")


def made_at(node: Any) -> str:
    """The line on which a node was recorded, where anomaly detection noted it."""
    lines = node.metadata.get("traceback_")
    return f"\nThe operation was recorded here:\n{''.join(lines).rstrip()}" if lines else ""


def raise_unused(t: Any, index: int, outputs: Any) -> NoReturn:
    raise RuntimeError(
        f"The differentiated Tensor at index {index} appears to not have been used in the graph. Set "
        "allow_unused=True if this is the desired behavior."
    )


def raise_no_grad_input(t: Any) -> NoReturn:
    raise RuntimeError("One of the differentiated Tensors does not require grad")


def raise_batched_shape(i: int, g: Any, t: Any) -> NoReturn:
    raise RuntimeError(
        "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. The "
        "sizes of the remaining dimensions are expected to match the shape of corresponding output, but a mismatch was "
        f"detected: grad_output[{i}] has a shape of {g.shape} and output[{i}] has a shape of {t.shape}. If you only "
        "want some tensors in `grad_output` to be considered batched, consider using vmap."
    )


def raise_number_of_gradients(node: Any, expected: int, got: int) -> NoReturn:
    raise RuntimeError(
        f"function {node.name()} returned an incorrect number of gradients (expected {expected}, got {got})\n"
        f"The backward must return one gradient for each of the {expected} arguments of forward, None for those "
        "that are no tensors."
    )


def raise_gradient_shape(node: Any, index: int, g: Any, shape: tuple[int, ...]) -> NoReturn:
    raise RuntimeError(
        f"Function {node.name()} returned an invalid gradient at index {index} - got {list(g._data.shape)} but "
        f"expected shape compatible with {list(shape)}"
    )


def raise_gradient_complex(node: Any, index: int) -> NoReturn:
    raise RuntimeError(
        "Expected isFloatingType(grad.scalar_type()) || (input_is_complex == grad_is_complex) to be true, but got "
        "false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)\n"
        f"{node.name()} returned a complex gradient at index {index} for a real argument: return its real part."
    )


def raise_dirty_leaf(t: Any) -> NoReturn:
    raise RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.")
