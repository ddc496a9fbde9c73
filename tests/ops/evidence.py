"""What the samples show of each public operation: which of the generated tests reach it, and why others do not."""

from __future__ import annotations

import functools

from rushlight._core.primitive import REGISTRY

from .catalogue import Calls, Operation, operations
from .compiling import left_to_numpy
from .test_derivatives import Case, cases
from .test_transforms import DYNAMIC, SLOW, is_random, mappings

# Public names that no sample has to call, and why.
EXCUSED = {
    "made from no tensor": """
        torch.arange torch.asarray torch.empty torch.empty_permuted torch.empty_strided torch.eye torch.from_numpy torch.frombuffer torch.full torch.linspace torch.logspace
        torch.range
        torch.ones torch.zeros torch.scalar_tensor torch.tensor torch.tril_indices torch.triu_indices
        torch.rand torch.randint torch.randn torch.randperm
        torch.fft.fftfreq torch.fft.rfftfreq torch.bartlett_window torch.blackman_window torch.hamming_window
        torch.hann_window torch.kaiser_window
        torch.signal.windows.bartlett torch.signal.windows.blackman torch.signal.windows.cosine
        torch.signal.windows.exponential torch.signal.windows.gaussian torch.signal.windows.general_cosine
        torch.signal.windows.general_hamming torch.signal.windows.hamming torch.signal.windows.hann
        torch.signal.windows.kaiser torch.signal.windows.nuttall""",
    "about the stream of random numbers": """
        torch.get_rng_state torch.initial_seed torch.manual_seed torch.seed torch.set_rng_state""",
    "about gradients and modes": """
        Tensor.backward torch.is_inference Tensor.register_hook Tensor.register_post_accumulate_grad_hook
        Tensor.requires_grad_ Tensor.retain_grad torch.is_anomaly_check_nan_enabled torch.is_anomaly_enabled
        torch.set_anomaly_enabled""",
    "about a tensor's memory and type": """
        Tensor._is_view Tensor.as_subclass Tensor.data_ptr Tensor.element_size torch.get_device Tensor.is_contiguous
        Tensor.cuda Tensor.is_pinned Tensor.is_shared Tensor.pin_memory Tensor.share_memory_ torch.set_default_tensor_type
        Tensor.resize_ Tensor.set_ torch.resize_as_ Tensor.storage_offset Tensor.stride torch.is_floating_point torch.is_signed torch.is_complex
        torch.is_conj torch.is_neg torch.is_tensor torch.result_type""",
    "giving no tensor": """
        Tensor.dim Tensor.item Tensor.numpy Tensor.size Tensor.tolist torch.allclose
        torch.broadcast_shapes torch.equal torch.is_nonzero torch.is_same_size torch.numel""",
    "called by Python and NumPy": """
        Tensor.__array__ Tensor.__array_wrap__ Tensor.__bool__ Tensor.__complex__ Tensor.__contains__
        Tensor.__deepcopy__ Tensor.__float__ Tensor.__format__ Tensor.__index__ Tensor.__int__ Tensor.__len__
        Tensor.__reduce_ex__ Tensor.__repr__""",
}
# Results that require no gradient though their dtype could.
CONSTANT = {
    "Tensor.new": "constant",
    "Tensor.new_empty": "constant",
    "Tensor.new_empty_strided": "constant",
    "Tensor.new_full": "constant",
    "Tensor.new_ones": "constant",
    "Tensor.new_tensor": "constant",
    "Tensor.new_zeros": "constant",
    "torch.binomial": "drawn",
    "torch.detach": "cut",
    "torch.detach_copy": "cut",
    "torch.empty_like": "constant",
    "torch.full_like": "constant",
    "torch.histc": "constant",
    "torch.ones_like": "constant",
    "torch.rand_like": "drawn",
    "torch.randint_like": "drawn",
    "torch.randn_like": "drawn",
}
# Files of `_ops` whose operations have no derivative in PyTorch: a result requires no gradient.
UNDIFFERENTIATED = frozenset({"bessel", "orthogonal_polynomials"})
REASONS = {
    "bool": "the result is true or false",
    "integers": "the result is integers: indices, counts, bits",
    "constant": "the result does not depend on the input's values, or only by jumps",
    "cut": "that no gradient passes is what it is for",
    "drawn": "the numbers drawn do not depend on the input's values",
    "undefined": "PyTorch has no derivative of it, and so nor has Rushlight: the result requires no gradient",
    "refused": "PyTorch refuses the derivative, and so does Rushlight: RuntimeError",
}
MAPPED = {
    "`randomness`": "numbers are drawn: `vmap` is told by `randomness` whether each example has its own",
    "loop": "applied to one example after the other, with a warning: always, or only in the case that is named",
    "dynamic": "the shape of the result depends on values, which may differ between examples: RuntimeError",
}

COMPILED = {
    "NumPy": "a compiled function calls NumPy for it, or for a part of it",
    "eager": "what needs this cannot be traced: the function runs as if it were not compiled, with a warning",
}
TRIED = 3  # samples, before an operation counts as one that is not compiled


class Evidence:
    """What the tests show of one operation."""

    def __init__(self, operation: Operation):
        self.operation = operation
        self.kinds: set[str] = set()
        self.records: set[str] = set()
        # The highest order of derivatives that is tested, for real and for complex numbers.
        self.real = self.complex = 0
        self.mapped: set[str] = set()
        self.cases: list[tuple[int, Case]] = []  # with how many operations each calls
        # What it is recorded in, though no derivative is tested.
        self.undefined: list[Case] = []

    def add(self, case: Case, calls: Calls) -> None:
        kinds = calls.operations[self.operation]
        self.kinds |= kinds
        self.records |= calls.records_of[self.operation]
        self.cases.append((len(calls.operations), case))
        if "gradient" in kinds:
            order = 2 if case.sample.label == LINEAR else case.sample.order
            self.complex = max(self.complex, order * case.as_complex)
            self.real = max(self.real, order * (not case.as_complex))
            if not order:
                self.undefined.append(case)
        if is_random(case):
            self.mapped.add("`randomness`")
        elif case.name in DYNAMIC:
            self.mapped.add("dynamic")
        elif mappings(case.inputs()):
            self.mapped.add("✓")

    def derivative(self, order: int) -> str:
        """Whether derivatives of this order are tested, or why there are none."""
        if max(self.real, self.complex) >= order:
            return "✓ ℂ" if self.complex >= order else "✓"
        if "gradient" in self.kinds:
            return "refused"
        if self.kinds <= {"bool", "integers"}:
            return "bool" if self.kinds == {"bool"} else "integers"
        if self.operation.family in UNDIFFERENTIATED:
            return "undefined"
        return CONSTANT[self.operation.name]

    def batching(self) -> str:
        """Whether `vmap` is tested, and what is to be said of it."""
        found = sorted(self.mapped, key=["✓", *MAPPED].index)[:1]
        found += [f"loop: {SLOW[record]}" for record in sorted(self.records & set(SLOW))]
        return "; ".join(found)

    def compiled(self) -> str:
        """Whether machine code is made of a sample, or else what comes of the plainest one."""
        found = ""
        for _, case in sorted(self.cases, key=lambda c: (c[1].as_complex, c[0]))[:TRIED]:
            found = found or left_to_numpy(case)
            if left_to_numpy(case) == "✓":
                return "✓"
        return found


# Samples whose derivatives are compared exactly: see test_coverage.
LINEAR = "linear"


@functools.cache
def evidence() -> dict[Operation, Evidence]:
    """What is shown of every operation that a sample calls."""
    found: dict[Operation, Evidence] = {}
    for parameters in cases(order=0):
        case = parameters.values[0]
        inputs = case.inputs()
        with Calls() as calls:
            case.function(*inputs)
        for op in calls.operations:
            found.setdefault(op, Evidence(op)).add(case, calls)
    return found


def excused() -> dict[str, str]:
    """The names that need no samples, and why."""
    return {name: reason for reason, names in EXCUSED.items() for name in names.split()}


def rows() -> list[Evidence]:
    """The operations of the table: all that are not excused."""
    return [found for op, found in evidence().items() if op.name not in excused()]


def missing() -> list[Operation]:
    """The operations that no sample calls, though nothing excuses that."""
    return [op for op in operations() if op not in evidence() and op.name not in excused()]


def records() -> list[str]:
    """The names of the records."""
    return sorted(REGISTRY)
