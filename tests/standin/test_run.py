"""A program runs under `python -m rushlight` as it does under plain python: the tests compare the two."""

import re
import signal
import sys
import zipfile

import pytest

SNIPPETS = {
    "prints": "import sys; print(sys.argv, __name__, __doc__, __package__, __spec__)",
    "globals": "print(sorted(set(globals()) - {'__annotations__'}), __builtins__)",
    "path": "import sys; print(sys.path)",
    "main module": "import sys, __main__ as m; print(vars(m) is globals(), sys.modules['__main__'] is m)",
    "exit 3": "import sys; sys.exit(3)",
    "exit message": "import sys; sys.exit('over')",
    "exit none": "import sys; sys.exit()",
    "uncaught": "def f():\n    return 1 / 0\n\nf()\n",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('second') from e\n",
    "context": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['key']\n",
    "group": "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "syntax error": "x = 1\ny = = 2\n",
    "indentation": "if 1:\nprint(2)\n",
    "missing import": "import no_such_module_anywhere",
    "attribute": "import math; math.cosine",
    "recursion": "def f():\n    f()\nf()\n",
    "excepthook": "import sys\ndef hook(t, v, tb):\n    print(t, v, tb.tb_frame.f_code.co_name, tb.tb_next)\n"
    "sys.excepthook = hook\n1 / 0\n",
    "atexit": "import atexit, sys\natexit.register(lambda: print('bye', sys.last_value.__class__))\n1 / 0\n",
    "last traceback": "import atexit, sys, traceback\n"
    "atexit.register(lambda: traceback.print_tb(sys.last_traceback, file=sys.stdout))\n1 / 0\n",
    "flush": "import sys; sys.stdout.write('no newline'); sys.stderr.write('e'); sys.exit(1)",
    "pickle": "import pickle\nclass A: pass\nprint(pickle.loads(pickle.dumps(A())), pickle.dumps(A))\n",
    "future": "from __future__ import annotations\ndef f(x: nothing): pass\nprint(f.__annotations__)\n",
    "no future": "def f(x: int): pass\nprint(f.__annotations__)\n",
    "warning": "import warnings; warnings.warn('careful', DeprecationWarning)",
    "thread": "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start(); t.join()\n"
    "print(threading.current_thread() is threading.main_thread())",
    "stdin": "print(input(), input())",
    "source": "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f), inspect.getmodule(f))\n",
    "finaliser": "class A:\n    def __del__(self): print('gone')\na = A()\n",
    "unicode": "print('\\u03b1')\nassert 0, '\\u03b2'\n",
}


def same(one, two) -> None:
    """Two runs ended alike, but for addresses and for the frames left before the recursion limit."""

    def told(run):
        return run.returncode, *(re.sub(r"0x\w+|(?<=repeated )\d+", "#", text) for text in (run.stdout, run.stderr))

    assert told(one) == told(two)


TEXT = "two lines\nfor a program that reads\n"


@pytest.mark.parametrize("name", SNIPPETS)
def test_script(name, plain, standin, write):
    write("x.py", SNIPPETS[name])
    same(standin("x.py", "a", "--b", text=TEXT), plain("x.py", "a", "--b", text=TEXT))


@pytest.mark.parametrize("name", SNIPPETS.keys())
def test_module(name, plain, standin, write):
    write("x.py", SNIPPETS[name])
    same(standin("-m", "x", "a", "--report", text=TEXT), plain("-m", "x", "a", "--report", text=TEXT))


@pytest.mark.parametrize("name", sorted(SNIPPETS.keys() - {"source"}))
def test_string(name, plain, standin):
    same(standin("-c", SNIPPETS[name], "a", "-m", text=TEXT), plain("-c", SNIPPETS[name], "a", "-m", text=TEXT))


@pytest.mark.parametrize("name", sorted(SNIPPETS.keys() - {"source", "stdin"}))
def test_stdin(name, plain, standin):
    same(standin("-", "a", text=SNIPPETS[name]), plain("-", "a", text=SNIPPETS[name]))


def test_script_elsewhere(plain, standin, write):
    """A relative path with `..`, a symbolic link, a neighbour to import, a folder that shadows nothing."""
    write("lib/neighbour.py", "print('neighbour')")
    script = write("lib/x.py", "import sys, neighbour\nprint(sys.argv, sys.path[0], __file__)\nneighbour.nothing\n")
    (script.parents[1] / "link.py").symlink_to(script)
    for path in ("./lib/x.py", "lib/../lib/x.py", "link.py", str(script)):
        same(standin(path), plain(path))
        same(standin(path, flags=("-P",)), plain(path, flags=("-P",)))


def test_folder_and_zip(plain, standin, write, tmp_path):
    write(
        "app/__main__.py",
        "import sys, helper\nprint(sys.argv, sys.path[0], __spec__.name, __package__)\nhelper.fail()\n",
    )
    write("app/helper.py", "def fail():\n    raise ValueError('no')\n")
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for name in ("__main__.py", "helper.py"):
            archive.write(tmp_path / "app" / name, name)
    for path in ("app", "app.zip"):
        same(standin(path, "a"), plain(path, "a"))


def test_package_and_errors_of_m(plain, standin, write):
    write("package/__init__.py", "")
    write(
        "package/__main__.py",
        "from . import inner\nprint(__package__, inner.__name__)\nraise SystemExit(7)\n",
    )
    write("package/inner.py", "")
    write("bare/__init__.py", "")
    for name in ("package", "package.__main__", "bare", "nowhere", "package.nowhere"):
        same(standin("-m", name, "a"), plain("-m", name, "a"))


def test_compiled_file(plain, standin, write):
    write("x.py", "print(__file__, __loader__.__class__)")
    assert plain("-c", "import py_compile; py_compile.compile('x.py', 'x.pyc')").returncode == 0
    same(standin("x.pyc"), plain("x.pyc"))


def test_no_such_file(plain, standin):
    same(standin("nowhere.py"), plain("nowhere.py"))
    assert standin("nowhere.py").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_keyboard_interrupt(plain, standin, write):
    # Set anew: where the tests run in the background, their children inherit that it is ignored.
    handler = "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    write("x.py", f"import os, signal\n{handler}os.kill(os.getpid(), signal.SIGINT)\n")
    same(standin("x.py"), plain("x.py"))
    assert standin("x.py").returncode == -signal.SIGINT


def test_inspect_after_the_run(plain, standin, write):
    """`python -i`: the prompt sees the program's names, and the traceback is the program's."""
    for source in ("x = 41\n1 / 0\n", "x = 41\nimport sys; sys.exit(3)\n", "x = 41\n"):
        write("x.py", source)
        for words in (("x.py",), ("-m", "x")):
            same(
                *(
                    run(*words, flags=("-i",), text="print(x + 1)\nimport pdb, sys\nexit(5)\n")
                    for run in (standin, plain)
                )
            )


def test_debugger(plain, standin, write):
    write("x.py", "import sys\nx = sys.argv\ny = len(x)\nprint(x)\n")
    commands = "n\nn\np x, y\nb 4\nc\np y\nw\nq\n"
    same(standin("-m", "pdb", "x.py", "a", text=commands), plain("-m", "pdb", "x.py", "a", text=commands))


@pytest.mark.parametrize("steps", ["c", "nnc", "ssc", "uuddc", "rc", "b 6|c|p x|c", "nnnnnnn", "sssssss"])
def test_breakpoint(steps, plain, standin, write):
    """Where the program ends, the debugger's stack does, and stepping goes no further."""
    # The import registers what runs at exit, where a debugger stops too: both programs shall have it.
    write("x.py", "import rushlight; x = 5\ndef f():\n    breakpoint()\n    return x\nf()\ny = 6\n")
    text = "\n".join(["p x", "w", *(steps.split("|") if "|" in steps else steps), ""])
    same(standin("x.py", text=text), plain("x.py", text=text))
    if steps.endswith("c"):  # past the end of a module there is runpy, and its variables are not the same
        same(standin("-m", "x", text=text), plain("-m", "x", text=text))


def test_optimised_and_isolated(plain, standin, write):
    write("x.py", "assert 0\nimport sys\nprint(sys.path[0], sys.flags.optimize)\n")
    same(standin("x.py", flags=("-O",)), plain("x.py", flags=("-O",)))


def test_doctest_and_unittest(plain, standin, write):
    write(
        "x.py",
        "import doctest, unittest\ndef f():\n    '''\n    >>> f()\n    1\n    '''\n    return 1\n"
        "class T(unittest.TestCase):\n    def test(self): self.assertEqual(f(), 1)\n"
        "print(doctest.testmod())\nunittest.main(argv=['x'], verbosity=0, exit=False)\n",
    )
    assert standin("x.py").stdout == plain("x.py").stdout == "TestResults(failed=0, attempted=1)\n"


def test_help(standin):
    for words in ((), ("--help",), ("-h",)):
        run = standin(*words)
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.startswith("usage: python -m rushlight")
    assert standin("--version").stdout.startswith("Rushlight ")


@pytest.mark.parametrize(
    "words", [("--reprot", "x.py"), ("-x",), ("-m",), ("-c",), ("--check",), ("--check", "--report", "x.py")]
)
def test_refused_command_line(words, standin):
    run = standin(*words)
    assert run.returncode == 2
    assert run.stderr.startswith("python -m rushlight: ")
    assert run.stdout == ""
