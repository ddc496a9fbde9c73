"""`torch.distributions`: probability distributions with parameters that are tensors, by which they are differentiated.

>>> import rushlight as torch
>>> policy = torch.distributions.Categorical(logits=torch.tensor([0.0, 1.0]))
>>> policy.log_prob(torch.tensor(1))
tensor(-0.3133)
"""

from .._standin.missing import refuse_other_names as _refuse_other_names
from . import _kl_between as _kl_between  # rules that register themselves, as the next
from . import _kl_rules as _kl_rules
from . import constraints as constraints
from .bernoulli import Bernoulli as Bernoulli
from .categorical import Categorical as Categorical
from .distribution import Distribution as Distribution
from .exp_family import ExponentialFamily as ExponentialFamily
from .independent import Independent as Independent
from .kl import kl_divergence as kl_divergence
from .kl import register_kl as register_kl
from .normal import Normal as Normal
from .uniform import Uniform as Uniform

_refuse_other_names(globals())
