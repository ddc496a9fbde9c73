"""How operations are said in loops: a rule for each, by the primitive's name. What has none is left to NumPy."""

from . import activations as activations
from . import elementwise as elementwise
from . import lookups as lookups
from . import losses as losses
from . import places as places
from . import products as products
from . import reductions as reductions
from .base import LOWERINGS as LOWERINGS
from .base import Guarded as Guarded
from .base import NotNative as NotNative
from .base import Unsupported as Unsupported
