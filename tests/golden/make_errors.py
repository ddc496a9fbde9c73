"""What PyTorch raises in each program of tests/errors/programs: exception type and first line, to errors.json."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "errors" / "programs"


def raised(program: Path) -> tuple[str, str]:
    """Type and first line of the exception that ends a program."""
    ended = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    lines = ended.stderr.splitlines()
    if not ended.returncode:
        raise SystemExit(f"{program.name} raises nothing")
    top = next(i for i in range(len(lines)) if lines[i].startswith("Traceback"))
    first = next(i for i in range(top + 1, len(lines)) if lines[i] and not lines[i].startswith(" "))
    kind, _, message = lines[first].partition(": ")
    return kind, message


if __name__ == "__main__":
    found = {program.stem: raised(program) for program in sorted(PROGRAMS.glob("*.py"))}
    (HERE / "errors.json").write_text(json.dumps(found, indent=1) + "\n")
    for name, (kind, message) in found.items():
        print(f"{name}: {kind}: {message}")
