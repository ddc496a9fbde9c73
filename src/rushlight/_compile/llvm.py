"""From LLVM IR to machine code that can be called: a thin layer over llvmlite, which is imported when first needed."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

from .host import Host

# What is spent on code of each tier: the level of LLVM's pass pipeline (None: no passes, half the time) and of the
# code generator. The emitter writes vector code that hardly profits from passes; `cold` is for what runs once.
TIERS: dict[str, tuple[int | None, int]] = {"cold": (None, 0), "quick": (None, 2), "hot": (3, 3)}

_serial = itertools.count()


@cache
def binding() -> Any:
    """Return llvmlite.binding with this machine's target initialised; ImportError where llvmlite is absent."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@cache
def version() -> str:
    """The versions that object code depends on, for keys of caches."""
    import llvmlite

    return f"llvmlite {llvmlite.__version__}, LLVM {'.'.join(map(str, binding().llvm_version_info))}"


def _new_machine(host: Host, level: int) -> Any:
    target = binding().Target.from_default_triple()
    return target.create_target_machine(cpu=host.cpu, features=host.features, opt=level, jit=True)


_machine = cache(_new_machine)


def _parsed(ir: str, host: Host, tier: str) -> tuple[Any, Any]:
    """Parse, verify and optimise a module; return it with the machine that it is for."""
    passes, level = TIERS[tier]
    llvm, machine = binding(), _machine(host, level)
    header = f'target datalayout = "{machine.target_data}"\ntarget triple = "{machine.triple}"\n'
    module = llvm.parse_assembly(header + ir)
    module.verify()
    if passes is not None:
        options = llvm.create_pipeline_tuning_options(speed_level=passes)
        builder = llvm.create_pass_builder(machine, options)
        builder.getModulePassManager().run(module, builder)
    return module, machine


def compile_object(ir: str, host: Host, tier: str = "quick") -> bytes:
    """Translate a module of IR text to a relocatable object. RuntimeError, with LLVM's words, for wrong IR."""
    module, machine = _parsed(ir, host, tier)
    return machine.emit_object(module)


def assembly(ir: str, host: Host, tier: str = "quick") -> str:
    """Return the assembly of a module, for people."""
    module, machine = _parsed(ir, host, tier)
    return machine.emit_assembly(module)


class Library:
    """Linked machine code. It stays loaded for as long as this object lives, and not an instant longer."""

    def __init__(self, tracker: Any) -> None:
        self._tracker = tracker  # dropping it unloads the code

    def address(self, symbol: str) -> int:
        """The address of a function that was named when the library was linked; KeyError for any other."""
        return self._tracker[symbol]


@cache
def _linker() -> Any:
    # The older of LLVM's two linkers, which is llvmlite's default too: the newer (JITLink) gained nothing where tried.
    host = Host("", "", 0, False, False)
    return binding().create_lljit_compiler(_new_machine(host, 2), use_jit_link=False)


def link(obj: bytes, symbols: list[str]) -> Library:
    """Load an object made by `compile_object`, now or by an earlier process, and find these functions in it.

    What it calls is looked up in this process (the C library's mathematics, for one).
    """
    builder = binding().JITLibraryBuilder().add_object_img(obj).add_current_process()
    for symbol in symbols:
        builder.export_symbol(symbol)
    return Library(builder.link(_linker(), f"rushlight.{next(_serial)}"))


def load(ir: str, host: Host, symbols: list[str], tier: str = "quick") -> Library:
    """Compile and link in one step."""
    return link(compile_object(ir, host, tier), symbols)
