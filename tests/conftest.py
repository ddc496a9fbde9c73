"""Which files under tests/ are tests where."""

import importlib.util

# Scripts that make golden files from PyTorch: no tests, though a collector of doctests would import them.
# The wrong programs whose messages are tested are run, not imported; those with wrong types are checked alone.
collect_ignore = ["golden", "errors/programs", "typing/programs"]

# The comparison with PyTorch wants PyTorch: a plain `pytest` without it leaves the folder out, and naming the
# folder then fails on the import. `make conformance` cannot pass by skipping.
if importlib.util.find_spec("torch") is None:
    collect_ignore.append("conformance")
