"""`python -m tests.conformance.opdb`: see `command.py`."""

import os
import sys

if __name__ == "__main__":
    # Threads of BLAS cost more than they bring at the size of a sample. They are counted when NumPy is imported.
    for variable in "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS":
        os.environ.setdefault(variable, "1")
    from .command import main

    sys.exit(main())
