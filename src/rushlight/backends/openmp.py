"""`torch.backends.openmp`: not there."""


def is_available() -> bool:
    """Always False."""
    return False
