"""`torch.backends.cudnn`: not there. What programs set here holds anyway: results do not vary from run to run."""

deterministic = False
benchmark = False
enabled = False
allow_tf32 = True


def is_available() -> bool:
    """Always False."""
    return False


def version() -> None:
    """None: there is no cuDNN."""
