"""Which dtypes operations refuse for `out=`, and what those write over that have no derivative."""

import pytest

import rushlight as torch

X, Z = torch.tensor([0.5, -1.5]), torch.tensor([1 + 2j])
SAME = "Found dtype {} but expected {}"
REFUSED = {
    **{
        name: (getattr(torch, name), X, torch.float64, SAME.format("Double", "Float"))
        for name in ("abs", "ceil", "floor", "frac", "neg", "round", "sgn", "sign", "trunc")
    },
    "conj_physical": (torch.conj_physical, Z, torch.complex128, SAME.format("ComplexDouble", "ComplexFloat")),
    "bitwise_not": (torch.bitwise_not, torch.tensor([1]), torch.float64, SAME.format("Double", "Long")),
    "ihfft": (torch.fft.ihfft, X, torch.complex128, SAME.format("ComplexDouble", "ComplexFloat")),
    "fft": (torch.fft.fft, X, torch.float32, "fft expects a complex output tensor, but got Float"),
    "rfft2": (torch.fft.rfft2, X[None], torch.float32, "rfftn expects a complex output tensor, but got Float"),
    "irfft2": (
        torch.fft.irfft2, Z.expand(2, 2), torch.complex64, "irfftn expects a floating point output tensor, but got ComplexFloat",
    ),
    "complex": (
        lambda x, out: torch.complex(x, x, out=out), X, torch.complex128,
        "Expected object of scalar type ComplexFloat but got scalar type ComplexDouble for argument 'out'",
    ),
    "isposinf": (torch.isposinf, X, torch.int64, "isposinf does not support non-boolean outputs."),
    "signbit": (torch.signbit, X, torch.float32, "signbit does not support non-boolean outputs."),
}  # fmt: skip


@pytest.mark.parametrize(("function", "x", "dtype", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_converted_is_refused(function, x, dtype, message):
    out = torch.zeros(x.shape, dtype=dtype)
    with pytest.raises(RuntimeError) as raised:
        function(x, out=out)
    assert str(raised.value).split("\n")[0] == message
    assert not out.any()
    fitting = torch.empty(0, dtype=function(x, out=None).dtype)
    assert function(x, out=fitting) is fitting


M = torch.tensor([[2.0, 1.0], [1.0, 3.0]])
SAFE = "{}: Expected {} to be safely castable from Float dtype, but got {} with dtype Long"
# Each way to word it, with the operations that do: call, dtypes of all results, of which the last is refused.
EXACT = "Expected out tensor to have dtype float, but got double instead"
F, D, L = torch.float32, torch.float64, torch.int64
REFUSED_PARTS = {
    **{
        name: (lambda out, name=name: getattr(torch, name)(M, M, out=out), (D,), EXACT) for name in ("mm", "matmul")
    },
    "bmm": (lambda out: torch.bmm(M[None], M[None], out=out), (D,), EXACT),
    "addmm": (lambda out: torch.addmm(M, M, M, out=out), (D,), EXACT),
    "softmax": (lambda out: torch.softmax(M, 0, out=out), (D,), EXACT),
    "gather": (lambda out: torch.gather(M, 0, torch.zeros(1, 2, dtype=L), out=out), (D,), EXACT),
    "scatter": (lambda out: torch.scatter(M, 0, torch.zeros(1, 2, dtype=L), M, out=out), (D,), EXACT),
    "tril": (lambda out: torch.tril(M, out=out), (D,), EXACT),
    "transpose_copy": (lambda out: torch.transpose_copy(M, 0, 1, out=out), (D,), EXACT),
    "max": (lambda out: torch.max(M, 0, out=out), (D, L), EXACT),
    "max, indices": (
        lambda out: torch.max(M, 0, out=out), (F, F), "Expected out tensor to have dtype long int, but got float instead",
    ),
    "sort": (lambda out: torch.sort(M, out=out), (D, L), EXACT),
    "topk": (lambda out: torch.topk(M, 1, out=out), (D, L), EXACT),
    "svd": (lambda out: torch.linalg.svd(M, out=out), (F, D, F), EXACT),
    "slogdet": (lambda out: torch.linalg.slogdet(M, out=out), (F, D), EXACT),
    "qr": (lambda out: torch.linalg.qr(M, out=out), (F, D), EXACT),
    "inv": (lambda out: torch.linalg.inv(M, out=out), (D,), EXACT),
    "argmax": (
        lambda out: torch.argmax(M, 0, out=out), (F,), "Expected out tensor to have dtype long int, but got float instead",
    ),
    "cummax": (lambda out: torch.cummax(M, 0, out=out), (D, L), "expected scalar_type Float but found Double"),
    "solve_triangular": (
        lambda out: torch.linalg.solve_triangular(M, M, upper=True, out=out), (D,),
        "expected scalar type Float but found Double",
    ),
    "dot": (lambda out: torch.dot(X, X, out=out), (D,), "result dtype Double does not match input dtype Float"),
    "mv": (
        lambda out: torch.mv(M, X, out=out), (D,),
        "addmv input tensors must have the same dtype, but got Double, Float, and Float",
    ),
    "amax": (
        lambda out: torch.amax(M, 0, out=out), (D,),
        "Expected the dtype for input and out to match, but got Float for input's dtype and Double for out's dtype.",
    ),
    "take": (
        lambda out: torch.take(M, torch.tensor([0, 1]), out=out), (D,),
        "take(): self and out expected to have the same dtype, but got self.dtype = Float and out.dtype = Double",
    ),
    "index_select": (
        lambda out: torch.index_select(M, 0, torch.tensor([0]), out=out), (D,),
        "index_select(): self and result must have the same scalar type",
    ),
    "masked_select": (
        lambda out: torch.masked_select(M, M > 0, out=out), (D,),
        "masked_select(): self and result must have the same scalar type",
    ),
    "kthvalue": (
        lambda out: torch.kthvalue(M, 1, out=out), (F, torch.int32), "output indices must be of scalar type Long",
    ),
    "mode": (
        lambda out: torch.mode(M, out=out), (D, L), "expected scalar type 'Float' but got 'Double' for values output",
    ),
    "median": (
        lambda out: torch.median(M, 0, out=out), (D, L),
        "Expected tensor for 'values' to have the same type as tensor for argument #2 'self'; but type "
        "torch.DoubleTensor does not equal torch.FloatTensor (while checking arguments for median)",
    ),
    "quantile": (
        lambda out: torch.quantile(X, 0.5, out=out), (D,), "quantile() out tensor must be same dtype as the input tensor",
    ),
    "searchsorted": (
        lambda out: torch.searchsorted(X, X, out_int32=True, out=out), (L,),
        "torch.searchsorted(): output tensor's dtype is wrong, it can only be Int(int32) or Long(int64) depending on "
        "whether out_int32 flag is True, but we got output tensor's dtype Long and out_int32 flag is True",
    ),
    "where": (lambda out: torch.where(X > 0, X, X, out=out), (D,), "Expected out type to be Float but got Double"),
    "frexp": (
        lambda out: torch.frexp(X, out=out), (F, L), "torch.frexp() expects exponent to have int dtype but got long int",
    ),
    "histogram": (
        lambda out: torch.histogram(X, 2, out=out), (F, D),
        "torch.histogram: input tensor and bin_edges tensor should have the same dtype, but got input float and "
        "bin_edges double for dimension 0",
    ),
    "tensordot": (
        lambda out: torch.tensordot(M, M, 1, out=out), (D,),
        "tensordot: Expected the output tensor to have dtype Float, but got an output tensor with dtype Double",
    ),
    "multi_dot": (
        lambda out: torch.linalg.multi_dot([M, M], out=out), (D,),
        "multi_dot(): expected out tensor to have dtype float but got double",
    ),
    "matrix_norm": (
        lambda out: torch.linalg.matrix_norm(M, out=out), (D,),
        "linalg.matrix_norm expected out tensor dtype Float but got: Double",
    ),
    "matrix_power": (
        lambda out: torch.linalg.matrix_power(M, 2, out=out), (L,), SAFE.format("matrix_power", *["result"] * 2),
    ),
    "lstsq": (
        lambda out: torch.linalg.lstsq(M, M, out=out), (L, F, L, F),
        SAFE.format("torch.linalg.lstsq", *["solution"] * 2),
    ),
    "all": (lambda out: torch.all(M, out=out), (L,), "all only supports bool tensor for result, got: Long"),
    "sum": (lambda out: torch.sum(M, 0, dtype=F, out=out), (D,), EXACT),
    "zeros": (
        lambda out: torch.zeros(2, dtype=F, out=out), (D,), "dtype Float does not match dtype of out parameter (Double)",
    ),
    "randn": (
        lambda out: torch.randn(2, dtype=F, out=out), (D,), "dtype Float does not match dtype of out parameter (Double)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "types", "message"), REFUSED_PARTS.values(), ids=REFUSED_PARTS)
def test_each_wording(call, types, message):
    outs = tuple(torch.empty(0, dtype=d) for d in types)
    with pytest.raises(RuntimeError) as raised:
        call(outs if len(outs) > 1 else outs[0])
    assert str(raised.value).split("\n")[0] == message
    assert all(out.shape == (0,) for out in outs)  # nothing is written, not even what fits


@pytest.mark.parametrize("name", ["cat", "stack", "hstack", "vstack", "dstack", "column_stack"])
def test_joined_are_converted_or_refused(name):
    join = getattr(torch, name)
    with pytest.raises(TypeError, match=r"^torch\.cat\(\): input types can't be cast to the desired output type Long"):
        join([X, X], out=torch.empty(0, dtype=L))
    out = torch.empty(0, dtype=D)
    assert torch.equal(join([X, X], out=out), join([X, X]).double())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda out: torch.nansum(X, out=out), "\"nansum_cpu\" not implemented for 'Long'"),
        (lambda out: torch.normal(X, 1.0, out=out), "\"normal_kernel_cpu\" not implemented for 'Long'"),
    ],
)
def test_what_has_no_kernel_for_integers(call, message):
    with pytest.raises(NotImplementedError) as raised:
        call(torch.zeros(2, dtype=L))
    assert str(raised.value).split("\n")[0] == message


def test_sums_are_computed_in_the_dtype_of_out():
    x = torch.tensor([0.6, 0.6, 1.7])
    assert torch.sum(x, 0, out=torch.tensor(0)).item() == 1
    assert torch.cumsum(x, 0, out=torch.zeros(3, dtype=L)).tolist() == [0, 0, 1]
    assert torch.cumprod(x + 1, 0, out=torch.zeros(3, dtype=L)).tolist() == [1, 1, 2]
    whole = torch.tensor([2**24, 1])
    assert torch.sum(whole, 0, out=torch.tensor(0.0)).item() == 2**24
    assert torch.sum(whole, 0, out=torch.tensor(0.0, dtype=D)).item() == 2**24 + 1


def test_numbers_are_drawn_in_the_dtype_of_out():
    torch.manual_seed(0)
    drawn = torch.normal(torch.zeros(3), 1.0, out=torch.zeros(3, dtype=D))
    torch.manual_seed(0)
    assert torch.equal(drawn, torch.randn(3, dtype=D))


OVERLAP = "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory"
ROWS = torch.arange(2)
APART = {
    "take": lambda x: torch.take(x.view(-1), ROWS, out=x.view(-1)[:2]),
    "gather": lambda x: torch.gather(x, 0, torch.zeros(2, 2, dtype=L), out=x),
    "take_along_dim": lambda x: torch.take_along_dim(x, torch.zeros(2, 2, dtype=L), 0, out=x),
    "index_select": lambda x: torch.index_select(x, 0, ROWS, out=x),
    "masked_select": lambda x: torch.masked_select(x.view(-1), x.view(-1) < 9, out=x.view(-1)),
    "scatter": lambda x: torch.scatter(M, 0, torch.zeros(2, 2, dtype=L), x, out=x),
    "scatter_add": lambda x: torch.scatter_add(M, 0, torch.zeros(2, 2, dtype=L), x, out=x),
    "scatter_reduce": lambda x: torch.scatter_reduce(M, 0, torch.zeros(2, 2, dtype=L), x, "sum", out=x),
    "index_add": lambda x: torch.index_add(M, 0, ROWS, x, out=x),
    "index_copy": lambda x: torch.index_copy(M, 0, ROWS, x, out=x),
    "index_reduce": lambda x: torch.index_reduce(M, 0, ROWS, source=x, reduce="prod", out=x),
    "cat": lambda x: torch.cat([x, x], out=x),
    "stack": lambda x: torch.stack([x], out=x),
    "cross": lambda x: torch.linalg.cross(x.view(-1)[:3], torch.ones(3), out=x.view(-1)[:3]),
    "add, in part": lambda x: torch.add(x.view(-1)[1:], 1, out=x.view(-1)[:-1]),
    "exp, in part": lambda x: torch.exp(x.view(-1)[1:], out=x.view(-1)[:-1]),
    "cumsum, in part": lambda x: torch.cumsum(x.view(-1)[1:], 0, out=x.view(-1)[:-1]),
}


@pytest.mark.parametrize("call", APART.values(), ids=APART)
def test_memory_that_is_read_and_written(call):
    x = M.clone()
    with pytest.raises(RuntimeError, match=OVERLAP):
        call(x)
    assert torch.equal(x, M)


def test_out_may_be_an_operand():
    for call in (
        lambda x: torch.add(x, x, out=x),
        lambda x: torch.mm(x, x, out=x),
        lambda x: torch.scatter(x, 0, torch.zeros(1, 2, dtype=L), M, out=x),
        lambda x: torch.sum(x, 0, out=x[0]),
    ):
        expected = call(M.clone()).clone()
        x = M.clone()
        assert torch.equal(call(x), expected)
    x = M.clone()
    assert torch.equal(torch.mm(x, x, out=x), M @ M)


def test_another_shape():
    with pytest.warns(
        UserWarning, match=r"resized since it had shape \[3\], which does not match .* shape \[2\]"
    ) as told:
        out = torch.neg(X, out=torch.zeros(3))
    assert torch.equal(out, -X)
    assert told[0].filename == __file__
    values, indices = torch.empty(0), torch.empty(0, dtype=L)
    assert torch.max(M, 0, out=(values, indices)).values is values
    assert values.tolist() == [2, 3]
    assert indices.tolist() == [0, 1]
    assert torch.zeros(2, out=torch.ones(3)).tolist() == [0, 0]  # what creates tensors does not warn


def test_ranges_fill_any_shape():
    assert torch.arange(4, out=torch.zeros(2, 2, dtype=L)).tolist() == [[0, 1], [2, 3]]
    assert torch.linspace(0, 3, 4, out=torch.zeros(2, 2)).tolist() == [[0, 1], [2, 3]]
    with pytest.warns(UserWarning, match=r"of shape \[5\] is 5 which does not match the computed number of elements 3"):
        assert torch.arange(3, out=torch.zeros(5)).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: torch.sin(X, out=3), "sin(): argument 'out' must be Tensor, not int"),
        (lambda: torch.linalg.det(M, out=3), "linalg_det(): argument 'out' must be Tensor, not int"),
        (lambda: torch.special.i1(X, out=3), "special_i1(): argument 'out' must be Tensor, not int"),
        (lambda: torch.linalg.qr(M, out=M), "linalg_qr(): argument 'out' must be tuple of Tensors, not Tensor"),
        (lambda: torch.max(M, 0, out=(X,)), "expected tuple of 2 elements but got 1"),
    ],
)
def test_what_is_no_tensor(call, message):
    with pytest.raises(TypeError) as raised:
        call()
    assert str(raised.value).split("\n")[0] == message


def test_one_of_several_that_requires_grad():
    with pytest.raises(
        RuntimeError, match=r"^sort\(\): functions with out=\.\.\. arguments don't support automatic diff"
    ):
        torch.sort(X, out=(torch.zeros(2, requires_grad=True), torch.zeros(2, dtype=L)))
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.sort(X.clone().requires_grad_(), out=(torch.zeros(2), torch.zeros(2, dtype=L)))
    with torch.no_grad():
        out = torch.zeros(2, requires_grad=True)
        assert torch.neg(X, out=out) is out


def test_others_convert():
    out = torch.empty(0, dtype=torch.float64)
    torch.exp(X, out=out)
    assert torch.equal(out, X.exp().double())
    wide = torch.empty(0, dtype=torch.complex128)
    assert torch.equal(torch.fft.fft(X, out=wide), torch.fft.fft(X).to(torch.complex128))


def test_what_has_no_derivative_may_be_written_over_what_requires_grad():
    out = torch.zeros(2, requires_grad=True)
    torch.special.bessel_j0(X, out=out)
    assert torch.equal(out.detach(), torch.special.bessel_j0(X))
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.special.i1(X, out=out)


@pytest.mark.parametrize("name", ["bitwise_and", "remainder", "xlogy"])
def test_two_numbers_are_refused(name):
    with pytest.raises(TypeError, match=rf"{name}\(\) received an invalid combination of arguments - got \(int, int\)"):
        getattr(torch, name)(3, 2)


def test_the_reflected_division_takes_tensors():
    assert torch.equal(torch.tensor([2.0, 4.0]).__rdiv__(torch.tensor([1.0])), torch.tensor([0.5, 0.25]))
