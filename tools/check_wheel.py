"""Check the one wheel in a folder: pure Python, small, complete, nothing in it that does not belong.

python tools/check_wheel.py dist
"""

import pathlib
import sys
import zipfile

LIMIT = 2_000_000  # bytes, packed
SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"


def faults(wheel: pathlib.Path) -> list[str]:
    """Return what is wrong with `wheel`, one sentence for each fault."""
    found = []
    if not wheel.name.endswith("-py3-none-any.whl"):
        found.append(f"the name does not end in py3-none-any: {wheel.name}")
    if (size := wheel.stat().st_size) >= LIMIT:
        found.append(f"{size} bytes, the limit is {LIMIT}")

    with zipfile.ZipFile(wheel) as archive:
        members = set(archive.namelist())
    info = "-".join(wheel.name.split("-")[:2]) + ".dist-info/"
    package = {name for name in members if not name.startswith(info)}
    wanted = {str(path.relative_to(SOURCE)) for suffix in ("py", "pyi") for path in SOURCE.rglob(f"*.{suffix}")}
    wanted.add("rushlight/py.typed")
    found += [f"missing: {name}" for name in sorted(wanted - package)]
    found += [f"stray: {name}" for name in sorted(package - wanted)]
    # The licence must travel with the code.
    if not any(name.startswith(info) and name.endswith("/LICENSE") for name in members):
        found.append("no LICENSE in the metadata")
    return found


def main() -> int:
    """Check and report; return the exit status."""
    wheels = sorted(pathlib.Path(sys.argv[1]).glob("*.whl"))
    if len(wheels) != 1:
        print(f"expected one wheel in {sys.argv[1]}, found {[wheel.name for wheel in wheels]}")
        return 1
    (wheel,) = wheels
    wrong = faults(wheel)
    for fault in wrong:
        print(f"{wheel.name}: {fault}")
    if not wrong:
        print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB, pure Python, complete, nothing stray")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
