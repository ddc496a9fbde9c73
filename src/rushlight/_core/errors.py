"""The messages of autograd's errors: PyTorch's sentence first, then which tensor, which line, what to do.

Nothing here runs before an error does; what the messages tell of the user's program is found by `naming` and `causes`.
"""

from __future__ import annotations

import ast
import re
from typing import Any, NoReturn

from .where import Place, warn_user


def naming() -> Any:
    from . import naming

    return naming


def describe(t: Any) -> str:
    """``torch.FloatTensor [2, 3]``, as PyTorch's messages call a tensor."""
    from .dtypes import from_numpy_dtype, scalar_type_name

    kind = scalar_type_name(from_numpy_dtype(t._data.dtype))
    return f"torch.{kind}Tensor {list(t._data.shape)}"


def operation_of(node: Any) -> str:
    """``Exp`` for ``ExpBackward0``, ``Sum1`` for ``SumBackward1``, as PyTorch's messages call nodes."""
    return re.sub(r"Backward(0?$|(?=\d+$))", "", node.name())


def message(first: str, *rest: str) -> str:
    """PyTorch's line, and after it ours, as far as there is something to say."""
    return "\n".join([first, *(line for line in rest if line)])


def here() -> str:
    return naming().situation()


def at(place: Place | None, before: str, after: str = ".") -> str:
    """A sentence that ends with a line of the user's program; nothing where the line is not known."""
    return "" if place is None else f"{before} {naming().quoted(place)}{after}"


# -- starting a backward pass -----------------------------------------------------------------------------------------


def raise_no_grad_root(t: Any, index: int) -> NoReturn:
    raise RuntimeError(
        message(
            f"element {index} of tensors does not require grad and does not have a grad_fn",
            *without_history(t, index),
        )
    )


def without_history(t: Any, index: int) -> list[str]:
    """Where the history of ``t``, an argument of the call that fails, was cut; or that there never was one."""
    from . import causes

    names = naming()
    subject = names.described(t)
    spots = names.of_program(names.running())
    expression = _argument(names.current_expression(spots[0]), index) if spots else None
    cuts = causes.cuts_of(spots, expression) if expression is not None else []
    place = getattr(t, "_origin", None)
    if not cuts and place is not None:
        cuts = [causes.at_place(place)]
    if cuts:
        lines = [f"The history of {subject} ends at {cuts[0]}"]
        lines += [f"Before that it ends at {cut}" for cut in cuts[1:]]
        return [*lines, here(), "Compute it in tensor operations all the way, with recording on."]
    if t._data.dtype.kind not in "fcV":
        return [f"{subject} holds {t.dtype}: only floating-point and complex tensors have gradients.", here()]
    return [
        f"Nothing that {subject} was computed from requires grad.",
        here(),
        "Make the tensors that are to be trained with requires_grad=True (or as nn.Parameter), before they are used.",
    ]


def _argument(call: ast.AST | None, index: int) -> ast.expr | None:
    """The expression that a call of ``backward`` or ``grad`` starts from."""
    if not isinstance(call, ast.Call):
        return None
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    is_module = isinstance(function, ast.Attribute) and "autograd" in ast.unparse(function.value)
    if name == "backward" and not is_module:
        return function.value  # type: ignore[attr-defined]
    given = [*call.args, *(k.value for k in call.keywords if k.arg in ("tensors", "outputs"))]
    if not given:
        return None
    several = given[0]
    return several.elts[index] if isinstance(several, (ast.List, ast.Tuple)) else several


def raise_not_scalar(t: Any) -> NoReturn:
    raise RuntimeError(
        message(
            "grad can be implicitly created only for scalar outputs",
            f"{naming().described(t)} has {t._data.size} elements.",
            here(),
            "Reduce it to one first, with .mean() or .sum(), or say how much each element counts: "
            "backward(gradient) takes a tensor of the same shape.",
        )
    )


def raise_complex_root(t: Any) -> NoReturn:
    raise RuntimeError(
        message(
            f"grad can be implicitly created only for real scalar outputs but got {t.dtype}",
            here(),
            "Make a real number of it first, as with .abs() or .real, or give the gradient to start from.",
        )
    )


def raise_cotangent_shape(t: Any, g: Any) -> NoReturn:
    raise RuntimeError(
        message(
            f"Mismatch in shape: grad_output[0] has a shape of {g.shape} and output[0] has a shape of {t.shape}.",
            here(),
            "The gradient to start from says for each element of the output how much it counts: give it that shape.",
        )
    )


def raise_cotangent_dtype(t: Any, g: Any) -> NoReturn:
    raise RuntimeError(
        message(
            "For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in dtype: "
            f"grad_output[0] has a dtype of {g.dtype} and output[0] has a dtype of {t.dtype}.",
            here(),
            f"Convert the gradient: gradient.to({t.dtype}).",
        )
    )


def raise_batched_shape(i: int, g: Any, t: Any) -> NoReturn:
    row = type(g.shape)(g.shape[2:])
    raise RuntimeError(
        message(
            "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. "
            "The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a "
            f"mismatch was detected: grad_output[{i}] has a shape of {row} and output[{i}] has a shape of {t.shape}. "
            "If you only want some tensors in `grad_output` to be considered batched, consider using vmap.",
            f"grad_outputs[{i}] as given has the shape {list(g.shape)}: it should be the batch's size, then "
            f"{list(t.shape)}.",
        )
    )


def raise_no_grad_input(t: Any) -> NoReturn:
    raise RuntimeError(
        message(
            "One of the differentiated Tensors does not require grad",
            f"It is {naming().described(t)}.",
            here(),
            "Call requires_grad_() on it before it is used in the computation.",
        )
    )


def raise_unused(t: Any, index: int, outputs: Any) -> NoReturn:
    from . import causes
    from .tensor import Tensor, edge_of

    names = naming()
    if not isinstance(t, Tensor):
        subject, reason, how = "it", "nothing leads from the outputs to it.", ""
    else:
        subject = names.described(t)
        edge = edge_of(t)
        ends = [edge_of(out) for out in outputs if isinstance(out, Tensor)]
        number = getattr(edge, "_sequence", None)
        late = number is not None and all(end is None or (end._sequence or 0) > number for end in ends)
        if late:
            reason = (
                "it was computed later than the outputs, which cannot depend on it: an operation, an index too, makes "
                "a new tensor each time."
            )
            how = "Differentiate with respect to what the outputs were computed from, and index the gradient."
        else:
            spots = names.of_program(names.running())
            call = names.current_expression(spots[0]) if spots else None
            expressions = [_argument(call, i) for i in range(len(outputs))]
            leaves = [e for e, out in zip(expressions, outputs) if e is not None and edge_of(out) is out]
            cuts = [cut for e in leaves for cut in causes.cuts_behind(spots, e)]
            reason = "nothing leads from the outputs to it."
            how = f"The history of the outputs ends at {cuts[0]}" if cuts else ""
    raise RuntimeError(
        message(
            f"The differentiated Tensor at index {index} appears to not have been used in the graph. Set "
            "allow_unused=True if this is the desired behavior.",
            f"inputs[{index}] is {subject}: {reason}",
            how,
            here(),
        )
    )


# -- histories that are gone or out of date ---------------------------------------------------------------------------

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
    "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
    "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved "
    "tensors after calling backward."
)


def raise_freed(node: Any) -> NoReturn:
    names = naming()
    place = node.saved
    first = at(place, f"What {node.name()} had saved was freed by the backward pass at")
    spots = names.of_program(names.running())
    again = bool(spots) and place is not None and (spots[0].file, spots[0].line) == (place.file, place.line)
    kept = kept_parts(node, spots)
    how = "Compute the loss anew for each backward pass, or pass retain_graph=True to all but the last."
    if kept:
        name, line = kept
        made = f", assigned at {line}," if line else ""
        first += f"\n`{name}`{made} still belongs to the graph that was freed"
        first += " in an earlier turn of the loop." if again else ": it is used by both."
        how = (
            f"To carry only its value over to the next turn, cut it: {name} = {name}.detach()."
            if again
            else "Add the losses and call backward once, or pass retain_graph=True to the first call."
        )
    raise RuntimeError(message(FREED, first, here(), how))


def kept_parts(node: Any, spots: Any) -> tuple[str, str] | None:
    """A variable, other than the one that backward was called on, whose history goes through a freed node."""
    from .graph import Output
    from .tensor import Tensor

    names = naming()
    if not spots:
        return None
    spot = spots[0]
    call = names.current_expression(spot)
    root = _argument(call, 0)
    called_on = ast.unparse(root) if root is not None else ""
    best = None
    for name, value in list(spot.frame.f_locals.items()):
        if not isinstance(value, Tensor) or name == called_on or name.startswith("__"):
            continue
        edge = value._fn
        made_by = edge.node if type(edge) is Output else edge
        if made_by is None or not leads_to(made_by, node):
            continue
        if best is None or made_by._sequence > best[1]:
            best = (name, made_by._sequence)  # the oldest: where the two passes meet
    if best is None:
        return None
    line = names.assignment_line(spot, best[0])
    return best[0], f"{spot.file}:{line}" if line else ""


def leads_to(start: Any, node: Any, most: int = 10_000) -> bool:
    from .engine import target_of
    from .graph import Node

    seen, stack = {start}, [start]
    while stack and len(seen) < most:
        current = stack.pop()
        if current is node:
            return True
        for edge in current.edges:
            target = target_of(edge)
            if isinstance(target, Node) and target not in seen and target._sequence <= node._sequence:
                seen.add(target)
                stack.append(target)
    return False


def raise_changed(node: Any, value: Any, version: Any, *, saver: str = "") -> NoReturn:
    """saver: in words, what saved ``value``, where that is no node."""
    from .modes import state
    from .tensor import edge_of

    if type(value) is tuple:  # of several that were saved together, the first that differs
        value, version = next(
            (v, w) for v, w in zip(value, version if type(version) is tuple else [0] * len(value)) if v._version != w
        )
    edge = edge_of(value)
    made_by, output = value.grad_fn, value.output_nr
    if edge is None and node is not None:
        made_by, output = _as_result(node, value)
    of = f", which is output {output} of {operation_of(made_by)}," if made_by is not None else ""
    if state.watch is not None and state.watch.anomaly:
        hint = (
            "the backtrace further above shows the operation that failed to compute its gradient. The variable in "
            "question was changed in there or anywhere later. Good luck!"
        )
    else:
        hint = (
            "enable anomaly detection to find the operation that failed to compute its gradient, with "
            "torch.autograd.set_detect_anomaly(True, check_nan=False)."
        )
    place = value._counter.place
    if type(place) is tuple:
        code, offset = place
        place = Place(code, offset, "in-place operation")
    by = "optimizer.step()" if place is not None and place.what == "optimizer.step()" else ""
    how = (
        "Call backward for everything that was computed with the old parameters before the optimizer changes them, or "
        "compute it again after the step."
        if by
        else "Use the form that makes a new tensor (x = x + 1 for x += 1), or change a copy: x.clone()."
    )
    raise RuntimeError(
        message(
            "one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"[{describe(value)}]{of} is at version {value._version}; expected version {version} instead. Hint: {hint}",
            f"{saver or node.name()} had saved {naming().described(value)} for the backward pass.",
            at(place, f"It was changed{f' by {by}' if by else ''} at"),
            here(),
            made_at(node) if node is not None else "",
            how,
        )
    )


def _as_result(node: Any, value: Any) -> tuple[Any, int]:
    """The node itself and which of its results ``value`` is: a node keeps its results without their history."""
    if node.primitive is None:
        results = node.params
    else:
        results = {i: max(node.primitive.needs[i][1], 0) for i in node.primitive.saves_result}
    for position, output in results.items():
        kept = node.saved[position]
        for i, result in enumerate(kept if type(kept) is tuple else (kept,)):
            if result is value:
                return node, output + i
    return None, 0


def made_at(node: Any) -> str:
    """The line on which a node was recorded, where anomaly detection noted it."""
    lines = node.metadata.get("traceback_")
    found = re.search(r'File "(.*)", line (\d+)', lines[-1]) if lines else None
    if found is None:
        return ""
    file, line = found[1], int(found[2])
    return f'The operation was recorded at {file}:{line}, "{naming().source_line(file, line)}".'


# -- writing in place -------------------------------------------------------------------------------------------------


def raise_leaf_write(t: Any, *, view: bool) -> NoReturn:
    of = "a view of a leaf Variable" if view else "a leaf Variable"
    whole = t._view.base if view else t
    raise RuntimeError(
        message(
            f"{of} that requires grad is being used in an in-place operation.",
            f"The leaf is {naming().described(whole)}.",
            here(),
            "To set values that are not to be differentiated, write inside `with torch.no_grad():`. To compute with "
            "them, make a new tensor.",
        )
    )


def raise_dirty_leaf(t: Any) -> NoReturn:
    raise RuntimeError(
        message(
            "a leaf Variable that requires grad has been used in an in-place operation.",
            f"It is {naming().described(t)}, which the Function marks as dirty.",
            here(),
        )
    )


def raise_inference_write(t: Any) -> NoReturn:
    raise RuntimeError(
        "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal "
        "tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details."
    )


def raise_overlapping_write(t: Any) -> NoReturn:
    raise RuntimeError(
        "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
        "Please clone() the tensor before performing the operation."
    )


# -- requires_grad, grad, hooks ---------------------------------------------------------------------------------------


def raise_not_differentiable(t: Any, kinds: str) -> NoReturn:
    raise RuntimeError(
        message(
            f"only Tensors of {kinds} dtype can require gradients",
            f"{naming().described(t)} holds integers or bools.",
            here(),
            "Convert it first: .float().requires_grad_().",
        )
    )


def raise_computed_flag(t: Any, *, off: bool) -> NoReturn:
    hint = (
        " If you want to use a computed variable in a subgraph that doesn't require differentiation use "
        "var_no_grad = var.detach()."
    )
    raise RuntimeError(
        message(
            f"you can only change requires_grad flags of leaf variables.{hint if off else ''}",
            f"{naming().described(t)} was computed by {t.grad_fn.name()}.",
            here(),
            "Its gradients flow on to what it was computed from: cut it with .detach()."
            if off
            else "It requires grad already, since what it was computed from does. To start a history of its own, "
            "detach it: x = x.detach().requires_grad_().",
        )
    )


def raise_grad_shape(t: Any, g: Any) -> NoReturn:
    raise RuntimeError(
        message(
            f"attempting to assign a gradient of size '{list(g._data.shape)}' to a tensor of size "
            f"'{list(t._data.shape)}'. Please ensure that the gradient and the tensor are the same size",
            here(),
        )
    )


CPP_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char", "bool": "bool",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


def raise_grad_dtype(t: Any, g: Any) -> NoReturn:
    from .dtypes import scalar_type_name

    kind = scalar_type_name(t.dtype)
    name = CPP_NAMES.get(str(g.dtype).removeprefix("torch."), str(g.dtype))
    raise RuntimeError(
        message(
            f"attempting to assign a gradient with dtype '{name}' to a tensor with grad_dtype '{kind}'. The gradient "
            "must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype "
            "attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the "
            "dtypes of a tensor and its gradient may break downstream systems that assume they match.",
            here(),
            f"Convert the gradient: .to({t.dtype}).",
        )
    )


def raise_no_grad_retained(t: Any) -> NoReturn:
    raise RuntimeError(message("can't retain_grad on Tensor that has requires_grad=False", *_never_required(t)))


def raise_inside_transform(method: str, more: str = "") -> NoReturn:
    raise RuntimeError(
        f"You are attempting to call Tensor.{method}(){more} inside of a function being transformed by a functorch "
        "transform. This is unsupported, please attempt to use the functorch transforms (e.g. grad, vjp, jacrev, jacfwd, "
        f"hessian) or call {method}() outside of a function being transformed instead."
    )


def raise_backward_inside_transform() -> NoReturn:
    raise RuntimeError(
        "backward() called inside a functorch transform. This is not supported, please use functorch.grad or functorch.vjp "
        "instead or call backward() outside of functorch transforms."
    )


def raise_no_grad_hook(t: Any) -> NoReturn:
    raise RuntimeError(message("cannot register a hook on a tensor that doesn't require gradient", *_never_required(t)))


def _never_required(t: Any) -> tuple[str, ...]:
    place = getattr(t, "_origin", None)
    if place is not None:
        from . import causes

        return (
            f"The history of {naming().described(t)} ends at {causes.at_place(place)}",
            here(),
        )
    return (
        f"No gradient is computed for {naming().described(t)}.",
        here(),
        "Call requires_grad_() on it, or on what it is computed from, before.",
    )


def raise_hook_after_accumulation(t: Any) -> NoReturn:
    raise RuntimeError(
        message(
            "post accumulate grad hooks cannot be registered on non-leaf tensors",
            f"{naming().described(t)} was computed by {t.grad_fn.name()}; nothing is accumulated in its grad.",
            here(),
            "register_hook sees the gradient of any tensor.",
        )
    )


def warn_non_leaf_grad(t: Any) -> None:
    warn_user(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf "
        "Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure "
        "you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information."
    )


# -- custom functions -------------------------------------------------------------------------------------------------


def _backward_of(node: Any) -> str:
    """The line of a `Function` on which its backward begins."""
    function = node.context._function
    rule = function.backward
    code = getattr(rule, "__wrapped__", rule).__code__
    return f"{function.__name__}.backward is at {code.co_filename}:{code.co_firstlineno + _decorators(code)}."


def _decorators(code: Any) -> int:
    """How many lines of decorators stand before a function's ``def``."""
    names = naming()
    for lines in range(20):
        if names.source_line(code.co_filename, code.co_firstlineno + lines).startswith(("def ", "async def ")):
            return lines
    return 0


def raise_number_of_gradients(node: Any, expected: int, got: int) -> NoReturn:
    raise RuntimeError(
        message(
            f"function {node.name()} returned an incorrect number of gradients (expected {expected}, got {got})",
            _backward_of(node),
            here(),
            f"It must return one gradient for each of the {expected} arguments of forward, None for those that are no "
            "tensors.",
        )
    )


def raise_gradient_shape(node: Any, index: int, g: Any, shape: tuple[int, ...]) -> NoReturn:
    raise RuntimeError(
        message(
            f"Function {node.name()} returned an invalid gradient at index {index} - got {list(g._data.shape)} but "
            f"expected shape compatible with {list(shape)}",
            _backward_of(node),
            here(),
            f"Gradient {index} belongs to argument {index} of forward, and must have its shape, {list(shape)}.",
        )
    )


def raise_gradient_complex(node: Any, index: int) -> NoReturn:
    raise RuntimeError(
        message(
            "Expected isFloatingType(grad.scalar_type()) || (input_is_complex == grad_is_complex) to be true, but got "
            "false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)",
            _backward_of(node),
            here(),
            f"It returned a complex gradient at index {index} for a real argument: return its real part.",
        )
    )


# -- operations -------------------------------------------------------------------------------------------------------


def raise_forward(primitive: Any, arrays: list[Any], error: ValueError | TypeError) -> NoReturn:
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
                    f"{_unsqueezed(done, shape)}"
                ) from error
        done = tuple(max(x, y) if x and y else 0 for x, y in zip(a, b, strict=True))
    raise error if error is not None else AssertionError(shapes)


def _unsqueezed(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """The usual slip: a column that lost its second dimension."""
    for short, long, which in ((a, b, "first"), (b, a, "second")):
        if len(short) == 1 and len(long) == 2 and short[0] == long[0]:
            return f"\nTo align the {which} with rows, give it a column's shape: .unsqueeze(1)."
    return ""
