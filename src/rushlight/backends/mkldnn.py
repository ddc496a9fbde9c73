"""`torch.backends.mkldnn`: not there."""


def is_available() -> bool:
    """Always False."""
    return False
