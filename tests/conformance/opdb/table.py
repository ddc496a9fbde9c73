"""The table of percentages."""

from __future__ import annotations

from .entries import ENTRIES
from .left_out import left_out
from .running import CHECKS, declared

# Checks for several dtypes that make one row, which an entry passes if it passes all that it has.
TOGETHER = ("gradient", "second order", "forward mode")


def table(passed: dict[str, dict[str, bool]]) -> str:
    """Of each check: how many entries pass it, of those that were run and have it.

    The last column counts the entries that are left out as failed.
    """
    lacking = {name: declared(name) for name in ENTRIES if left_out(name) is not None}
    rows = {check: [check] for check in CHECKS}
    for prefix in TOGETHER:
        parts = [c for c in CHECKS if c.startswith(prefix)]
        at = list(rows).index(parts[0])
        rows = dict([*list(rows.items())[:at], (prefix, parts), *list(rows.items())[at:]])
    rows["everything"] = list(CHECKS)
    lines = [f"{'check':<26}{'pass':>6}{'of':>6}{'':>9}   with those left out"]
    for title, parts in rows.items():
        verdicts = [[checks[p] for p in parts if p in checks] for checks in passed.values()]
        good, having = sum(all(v) for v in verdicts if v), sum(bool(v) for v in verdicts)
        absent = sum(any(p in checks for p in parts) for checks in lacking.values())
        if having:
            all_of_them = f"{100 * good / (having + absent):6.1f} % of {having + absent}"
            lines.append(f"{title:<26}{good:>6}{having:>6}{100 * good / having:>7.1f} %   {all_of_them}")
    lines.append(f"{len(passed)} entries of {len(ENTRIES)} were run, {len(lacking)} are left out.")
    return "\n".join(lines)
