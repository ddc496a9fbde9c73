"""PyTorch's own database of operators, run against Rushlight with PyTorch as the judge.

An *entry* is one operator of the database; a *check* is one thing to know about it: its values for a dtype, its
gradients, what `out=` does. `python -m tests.conformance.opdb --help` runs them by hand, `test_entries.py` runs them
all, and `expected.txt` holds what is known to fail: whatever fails or passes against it fails the test.
"""
