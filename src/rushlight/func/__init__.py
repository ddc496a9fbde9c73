"""Function transforms: functions of tensors turned into their derivatives, or into functions of many examples at once.

They nest in every order: ``vmap(grad(f))`` has one gradient for each example, ``jacfwd(jacrev(f))`` is the Hessian.

>>> import rushlight as torch
>>> torch.func.grad(torch.sin)(torch.tensor(0.0))
tensor(1.)
>>> torch.func.vmap(torch.func.grad(torch.sin))(torch.zeros(2))
tensor([1., 1.])

Three names are Rushlight's own and not in PyTorch's ``torch.func``: `hvp`, `hessian_diagonal` and `laplacian`.
"""

from .._standin.missing import refuse_other_names as _refuse_other_names
from ._forward import jvp as jvp
from ._forward import linearize as linearize
from ._jacobian import hessian as hessian
from ._jacobian import jacfwd as jacfwd
from ._jacobian import jacrev as jacrev
from ._modules import functional_call as functional_call
from ._modules import replace_all_batch_norm_modules_ as replace_all_batch_norm_modules_
from ._modules import stack_module_state as stack_module_state
from ._reverse import grad as grad
from ._reverse import grad_and_value as grad_and_value
from ._reverse import vjp as vjp
from ._second_order import hessian_diagonal as hessian_diagonal
from ._second_order import hvp as hvp
from ._second_order import laplacian as laplacian
from ._unwrap import debug_unwrap as debug_unwrap
from ._vmap import vmap as vmap

# `functionalize` among them: a function without its in-place operations shows only where operations are recorded as
# a graph of their own (`make_fx`), which Rushlight does not do; to return the function as it is would pretend.
_refuse_other_names(globals())
