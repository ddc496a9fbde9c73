"""`torch.version`: the version of PyTorch whose behaviour this is."""

from . import __version__ as __version__

cuda = None
hip = None
debug = False
