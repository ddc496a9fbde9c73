"""`torch.testing`: comparisons for tests."""

from ._comparison import assert_allclose as assert_allclose
from ._comparison import assert_close as assert_close
from ._comparison import make_tensor as make_tensor
