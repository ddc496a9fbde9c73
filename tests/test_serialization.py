"""`torch.save` and `torch.load`; golden/checkpoint.pt is a file of PyTorch's."""

import collections
import io
import pathlib
import pickle
import random
import zipfile

import numpy as np
import pytest

import rushlight as torch
from tests import checkpoints

GOLDEN = pathlib.Path(__file__).parent / "golden" / "checkpoint.pt"


def saved(obj):
    file = io.BytesIO()
    torch.save(obj, file)
    file.seek(0)
    return file


def archive(records):
    """An archive of these records, with right checksums."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as z:
        for name, content in records.items():
            z.writestr(f"archive/{name}", content)
    file.seek(0)
    return file


def records(file):
    with zipfile.ZipFile(file) as z:
        return {name.partition("/")[2]: z.read(name) for name in z.namelist()}


# -- round trips --------------------------------------------------------------------------------------------------


def test_what_is_saved_is_loaded():
    content = checkpoints.content(torch)
    # A tensor with history is loaded without.
    content["requires_grad"][1] = content["requires_grad"][1].detach().requires_grad_()
    loaded = torch.load(saved(content))
    checkpoints.assert_same(loaded, content)
    checkpoints.assert_shared(loaded)
    checkpoints.assert_attributes(loaded)


@pytest.mark.parametrize("mmap", [False, True])
def test_a_file_of_pytorchs_is_loaded(mmap):
    content = checkpoints.content(torch)
    content["requires_grad"][1] = content["requires_grad"][1].detach().requires_grad_()
    loaded = torch.load(GOLDEN, mmap=mmap)
    checkpoints.assert_same(loaded, content)
    checkpoints.assert_shared(loaded)
    checkpoints.assert_attributes(loaded)


@pytest.mark.parametrize("kind", [str, pathlib.Path])
def test_paths(tmp_path, kind):
    path = kind(tmp_path / "x.pt")
    torch.save({"a": torch.ones(3)}, path)
    assert torch.load(path)["a"].tolist() == [1, 1, 1]
    mapped = torch.load(path, mmap=True)["a"]
    mapped.add_(1)
    assert mapped.tolist() == [2, 2, 2]
    assert torch.load(path)["a"].tolist() == [1, 1, 1], "the file is not written to"


def test_the_same_content_is_the_same_file():
    assert saved(checkpoints.content(torch)).getvalue() == saved(checkpoints.content(torch)).getvalue()


def test_memory_is_saved_once():
    x = torch.zeros(1000)
    assert len(saved([x[i:] for i in range(50)]).getvalue()) < 4 * 1000 + 8000


def test_memory_begins_at_multiples_of_64(tmp_path):
    path = tmp_path / "x.pt"
    torch.save([torch.ones(3), torch.ones(5, dtype=torch.complex128), torch.zeros(())], path)
    for t in torch.load(path, mmap=True):
        assert t.data_ptr() % 64 == 0


def test_memory_of_another_owner():
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    t = torch.from_numpy(array[:, 1:3])
    strided = torch.as_strided(torch.arange(5.0), (4, 2), (1, 1))
    a, b = torch.load(saved([t, strided]))
    assert (a.tolist(), b.tolist()) == (array[:, 1:3].tolist(), strided.tolist())
    assert (a.stride(), b.stride()) == ((4, 1), (1, 1))


def test_a_model_goes_on_from_its_state():
    net, other = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    assert repr(other.load_state_dict(torch.load(saved(net.state_dict())))) == "<All keys matched successfully>"
    assert torch.equal(net.weight, other.weight)


def test_a_file_that_begins_later():
    file = io.BytesIO()
    file.write(b"something before")
    torch.save([torch.ones(2)], file)
    file.seek(16)
    assert torch.load(file)[0].tolist() == [1, 1]


def test_objects_that_hold_themselves():
    x = []
    x.append(x)
    loaded = torch.load(saved(x))
    assert loaded[0] is loaded


def test_empty_bytes():
    """Written otherwise than pickle would: PyTorch could not load that."""
    assert torch.load(saved([b"", bytearray()])) == [b"", bytearray()]
    assert torch.load(pickled([b"", bytearray()])) == [b"", bytearray()]


# -- nothing is run -----------------------------------------------------------------------------------------------


class Attack:
    def __init__(self, function, *args):
        self.what = function, args

    def __reduce__(self):
        return self.what

    def __repr__(self):
        return f"calling {self.what[0].__name__}"


def pickled(obj, protocol=2):
    return archive({"data.pkl": pickle.dumps(obj, protocol), "version": b"3\n"})


@pytest.mark.parametrize(
    "obj",
    [
        Attack(exec, "raise SystemExit"),
        Attack(eval, "1"),
        Attack(print, 1),
        [Attack(collections.OrderedDict, [Attack(getattr, "", "join")])],
        Attack(open, "x", "w"),
        Attack(complex, 1),
        Attack(bytearray, 10**12),
        frozenset([1]),
        range(3),
        collections.deque(),
        collections.defaultdict(int),
        np.float64(1),
        np.ones(2),
        int,
        torch.nn.Linear(1, 1),
    ],
    ids=lambda obj: repr(obj).split(chr(10))[0],
)
def test_everything_else_is_refused(obj):
    with pytest.raises(pickle.UnpicklingError, match="^Weights only load failed. "):
        torch.load(pickled(obj))


@pytest.mark.parametrize("protocol", [0, 3, 4, 5])
def test_other_protocols_are_refused(protocol):
    with pytest.raises(pickle.UnpicklingError, match="instruction"):
        torch.load(pickled([1, 2], protocol))


def code(*lines):
    """A pickle of protocol 2 of these instructions."""
    return archive({"data.pkl": b"\x80\x02" + b"".join(lines) + b".", "version": b"3\n"})


ORDERED = b"ccollections\nOrderedDict\n)R"
TENSOR = b"ctorch._tensor\n_rebuild_from_type_v2\n"


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ((b"ctorch\nTensor\n", b"}X\x04\x00\x00\x00swapK\x01sb"), "set the state of a"),
        ((b"ctorch\nSize\n", b"}X\x01\x00\x00\x00xK\x01sb"), "set the state of a Builder"),
        ((ORDERED, b"N}X\x01\x00\x00\x00xK\x01s\x86b"), "set the state of a OrderedDict"),
        ((ORDERED, b"}X\x04\x00\x00\x00keysK\x01sb"), "set the attribute 'keys'"),
        ((ORDERED, b"}X\x09\x00\x00\x00__class__ctorch\nTensor\nsb"), "set the attribute '__class__'"),
        ((b"ctorch\nTensor\n", b")R"), "asked to call"),
        ((b"ctorch\nSize\n", b"K\x01R"), "expected a tuple"),
        ((b"c_codecs\nencode\n", b"X\x01\x00\x00\x00aX\x05\x00\x00\x00rot13\x86R"), "encodes no text"),
        ((b"X\x01\x00\x00\x00aQ",), "expected a tuple"),
        ((b"R",), "damaged"),
        ((b"h\x07",), "damaged"),
        ((b"cos\nsystem\n",), "os.system"),
        ((b"ctorch.serialization\nload\n",), "torch.serialization.load"),
        ((b"ctorch\nload\n",), "torch.load"),
    ],
)
def test_instructions_that_reach_further_are_refused(lines, match):
    with pytest.raises(pickle.UnpicklingError, match=match):
        torch.load(code(*lines))


def rebuilt(arguments, kind="FloatStorage", count=3):
    """A pickle of a tensor over a storage of three numbers."""
    head = b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n" + kind.encode() + b"\n"
    head += b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK" + bytes([count]) + b"tQ"
    file = code(head, arguments, b"\x89}tR")
    return archive({**records(file), "data/0": bytes(12)})


def test_a_tensor_stays_within_its_storage():
    assert torch.load(rebuilt(b"K\x01K\x02\x85K\x01\x85")).tolist() == [0, 0]
    for outside in (b"K\x02K\x02\x85K\x01\x85", b"K\x00K\x02\x85K\x03\x85", b"K\x00K\x04\x85K\x01\x85"):
        with pytest.raises(pickle.UnpicklingError, match="damaged"):
            torch.load(rebuilt(outside))
    for wrong in (
        b"J\xff\xff\xff\xffK\x02\x85K\x01\x85",
        b"K\x00K\x02\x85)",
        b"K\x00X\x01\x00\x00\x00a\x85K\x01\x85",
        b"K\x00K\x02\x85J\xff\xff\xff\xff\x85",
    ):
        with pytest.raises(pickle.UnpicklingError, match="damaged"):
            torch.load(rebuilt(wrong))
    with pytest.raises(pickle.UnpicklingError, match="has 12 bytes"):
        torch.load(rebuilt(b"K\x00K\x02\x85K\x01\x85", count=9))
    with pytest.raises(pickle.UnpicklingError, match="does not know the reference"):
        torch.load(rebuilt(b"K\x00K\x02\x85K\x01\x85", kind="float32"))


def test_weights_only_is_the_only_way():
    file = saved([1])
    assert torch.load(file, weights_only=True) == [1]
    file.seek(0)
    with pytest.raises(NotImplementedError, match="without running"):
        torch.load(file, weights_only=False)
    with pytest.raises(NotImplementedError, match="without running"):
        torch.load(file, pickle_module=pickle)
    with pytest.raises(RuntimeError, match="Can not safely load weights when explicit pickle_module is specified"):
        torch.load(file, pickle_module=pickle, weights_only=True)


# -- damage -------------------------------------------------------------------------------------------------------


def test_a_file_that_was_cut_off():
    whole = saved({"a": torch.arange(5.0), "b": [1, (2, 3)]}).getvalue()
    for n in range(1, len(whole), 7):
        with pytest.raises(RuntimeError):
            torch.load(io.BytesIO(whole[:n]))
    with pytest.raises(RuntimeError, match="failed finding central directory. The file is damaged"):
        torch.load(io.BytesIO(whole[:-30]))
    with pytest.raises(EOFError, match="rewound"):
        torch.load(io.BytesIO())


def test_changed_bytes_are_found():
    whole = saved(torch.arange(1000.0)).getvalue()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    with pytest.raises(RuntimeError, match="data/0 is damaged: Bad CRC-32"):
        torch.load(io.BytesIO(changed))


def test_damage_of_the_pickle_has_one_kind_of_error():
    content = records(saved({"a": torch.arange(5.0), "l": torch.nn.Linear(2, 2).state_dict()}))
    rng, loaded = random.Random(0), 0
    for _ in range(300):
        changed = bytearray(content["data.pkl"])
        changed[rng.randrange(len(changed))] = rng.randrange(256)
        try:
            torch.load(archive({**content, "data.pkl": bytes(changed)}))
        except (pickle.UnpicklingError, RuntimeError):
            continue
        loaded += 1
    assert loaded < 60  # where a key or a number was hit


def test_files_of_another_kind():
    with pytest.raises(RuntimeError, match="Invalid magic number; corrupt file"):
        torch.load(io.BytesIO(b"hello world"))
    with pytest.raises(RuntimeError, match="Invalid magic number; corrupt file"):
        torch.load(io.BytesIO(pickle.dumps({"a": 1})))
    with pytest.raises(NotImplementedError, match="before 1.6"):
        torch.load(io.BytesIO(pickle.dumps(0x1950A86A20F9469CFC6C, 2)))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as z:
        z.writestr("a", "b")
    other.seek(0)
    with pytest.raises(RuntimeError, match="file in archive is not in a subdirectory: a"):
        torch.load(other)
    with pytest.raises(NotImplementedError, match="TorchScript"):
        torch.load(archive({"data.pkl": b"", "constants.pkl": b""}))
    with pytest.raises(RuntimeError, match="no record data/0"):
        torch.load(archive({k: v for k, v in records(saved(torch.ones(1))).items() if k != "data/0"}))
    content = records(saved(torch.ones(1)))
    with pytest.raises(NotImplementedError, match="byte order"):
        torch.load(archive({**content, "byteorder": b"middle"}))
    squeezed = io.BytesIO()
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as z:
        for name, record in content.items():
            z.writestr(f"archive/{name}", record * 100)
    squeezed.seek(0)
    with pytest.raises(RuntimeError, match="compressed"):
        torch.load(squeezed)


# -- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "obj",
    [frozenset([1]), range(3), len, int, np.float64(1), torch.nn.ReLU(), torch.ones(2).max(0), collections.deque()],
    ids=lambda obj: repr(obj).split(chr(10))[0],
)
def test_what_could_not_be_loaded_is_not_saved(obj, tmp_path):
    path = tmp_path / "x.pt"
    torch.save(1, path)
    with pytest.raises(NotImplementedError, match="^torch.save: an object of type"):
        torch.save([obj], path)
    assert torch.load(path) == 1, "the file is as it was"


def test_a_hint_says_what_to_save_instead():
    with pytest.raises(NotImplementedError, match=r"Save model.state_dict\(\) instead"):
        torch.save(torch.nn.ReLU(), io.BytesIO())
    with pytest.raises(NotImplementedError, match=r"float\(x\)"):
        torch.save(np.float64(1), io.BytesIO())


def test_arguments():
    with pytest.raises(AttributeError, match="expected 'f' to be string, path, or a file-like object with a 'write'"):
        torch.save(1, 3)
    with pytest.raises(AttributeError, match="'int' object has no attribute"):
        torch.load(3)
    with pytest.raises(RuntimeError, match="Parent directory /nonexistent does not exist."):
        torch.save(1, "/nonexistent/x.pt")
    with pytest.raises(FileNotFoundError):
        torch.load("/nonexistent/x.pt")
    with pytest.raises(NotImplementedError, match="protocol 2"):
        torch.save(1, io.BytesIO(), pickle_protocol=4)
    with pytest.raises(NotImplementedError, match="present format"):
        torch.save(1, io.BytesIO(), _use_new_zipfile_serialization=False)
    with pytest.raises(NotImplementedError, match="pickle_module"):
        torch.save(1, io.BytesIO(), pickle_module=pytest)
    with pytest.raises(ValueError, match="f must be a file path in order to use the mmap argument"):
        torch.load(saved(1), mmap=True)
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        torch.load(saved(1), foo=1)
    with pytest.raises(NotImplementedError, match="Python 2"):
        torch.load(saved(1), encoding="latin1")
    with pytest.raises(RuntimeError, match="different types"):
        torch.save([x := torch.ones(4), x.view(torch.int32)], io.BytesIO())


def test_devices():
    on_gpu = records(saved(torch.ones(2)))
    on_gpu["data.pkl"] = on_gpu["data.pkl"].replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")

    def load(**options):
        return torch.load(archive(on_gpu), **options)

    with pytest.raises(RuntimeError, match="Attempting to deserialize object on a CUDA device"):
        load()
    for where in ("cpu", torch.device("cpu"), {"cuda:0": "cpu"}, lambda storage, location: storage):
        assert load(map_location=where).tolist() == [1, 1]
    for where in ("cuda", {"cuda:1": "cpu"}, lambda storage, location: None):
        with pytest.raises(RuntimeError, match="Attempting to deserialize object on a CUDA device"):
            load(map_location=where)
    with pytest.raises(RuntimeError, match="don't know how to restore data location"):
        load(map_location="mps")
    with pytest.raises(NotImplementedError, match="map_location"):
        load(map_location=lambda storage, location: 3)


def test_a_compiled_result_has_the_bytes_of_its_elements():
    pytest.importorskip("llvmlite")
    double = torch.compile(lambda x: x * 2.0)
    x = torch.ones(20_000)
    for _ in range(3):
        result = double(x)
    assert double.compiled.programs
    assert len(records(saved(result))["data/0"]) == 4 * 20_000
    # A part is saved with the whole that it is a part of.
    assert len(records(saved(result[5:10]))["data/0"]) == 4 * 20_000
    assert torch.equal(torch.load(saved(result[5:10])), result[5:10])
