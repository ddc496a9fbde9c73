"""`torch.backends`: which of PyTorch's backends there are. None of them is: Rushlight computes with NumPy."""

from . import cuda as cuda
from . import cudnn as cudnn
from . import mkl as mkl
from . import mkldnn as mkldnn
from . import mps as mps
from . import openmp as openmp
