"""What optimizers are made to do, written for PyTorch and Rushlight alike: the golden file and the tests run these.

Gradients are computed by NumPy from the parameters' values, so that only the optimizer is compared.
"""

import numpy as np

# How long to go on. Near the minimum some methods turn the rounding of single precision into a path of their own.
STEPS = {"float32": 200, "float64": 1000}
# Muon's iterations round to bfloat16: one bit, in one product of thousands, and near the minimum the path is another.
FEWER = {"Muon": 50}
SNAPSHOTS = (1, 10, 50, 200, 1000)
SHAPES = ((3,), (2, 2))
MATRICES = ((2, 3), (3, 2))  # what Muon takes

# name of the class -> options to try
CASES = {
    "SGD": [
        {"lr": 0.01}, {"lr": 0.01, "momentum": 0.9}, {"lr": 0.01, "momentum": 0.9, "nesterov": True},
        {"lr": 0.01, "momentum": 0.5, "dampening": 0.3, "weight_decay": 0.1}, {"lr": 0.01, "maximize": True},
        {"lr": 0.01, "foreach": True}, {"lr": 0.01, "momentum": 0.9, "fused": True},
    ],
    "Adam": [
        {}, {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6}, {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "amsgrad": True}, {"lr": 0.01, "maximize": True}, {"lr": 0.01, "foreach": True},
        {"lr": 0.01, "fused": True}, {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True},
    ],
    "AdamW": [{}, {"lr": 0.01, "weight_decay": 0.2, "amsgrad": True}],
    "NAdam": [
        {}, {"lr": 0.01, "momentum_decay": 0.01}, {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}, {"lr": 0.01, "maximize": True},
    ],
    "RAdam": [
        {}, {"lr": 0.01, "weight_decay": 0.1}, {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True},
        {"lr": 0.01, "betas": (0.5, 0.6)},
    ],
    "Adamax": [{}, {"lr": 0.01, "weight_decay": 0.1}, {"lr": 0.01, "maximize": True}],
    "Adadelta": [{}, {"lr": 0.5, "rho": 0.8, "weight_decay": 0.1}, {"lr": 0.1, "maximize": True}],
    "RMSprop": [
        {"lr": 0.001}, {"lr": 0.001, "momentum": 0.9}, {"lr": 0.001, "centered": True},
        {"lr": 0.001, "centered": True, "momentum": 0.5, "weight_decay": 0.1, "alpha": 0.9}, {"maximize": True},
    ],
    "Adagrad": [
        {}, {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1}, {"initial_accumulator_value": 0.5, "eps": 1e-4},
    ],
    "ASGD": [{}, {"lr": 0.05, "t0": 5, "lambd": 0.01, "alpha": 0.6}, {"weight_decay": 0.1, "maximize": True}],
    "Adafactor": [
        {}, {"lr": 0.1, "weight_decay": 0.1, "maximize": True}, {"beta2_decay": -0.5, "eps": (1e-8, 0.1), "d": 2.0},
        {"foreach": True},
    ],
    "Muon": [
        {}, {"lr": 0.01, "nesterov": False, "adjust_lr_fn": "match_rms_adamw"},
        {"lr": 0.02, "momentum": 0.5, "weight_decay": 0.0, "ns_steps": 3, "ns_coefficients": (2.0, -1.5, 0.5)},
    ],
    "Rprop": [{}, {"lr": 0.1, "etas": (0.4, 1.3), "step_sizes": (1e-4, 1.0)}, {"maximize": True}],
}  # fmt: skip

FLAT = [(name, options) for name, several in CASES.items() for options in several]


def label(name, options):
    return f"{name}({', '.join(f'{k}={v}' for k, v in options.items())})"


def start(torch, name, dtype="float32"):
    """Two parameters with fixed values, of shapes that the optimizer takes."""
    shapes = MATRICES if name == "Muon" else SHAPES
    rng = np.random.RandomState(0)
    return [
        torch.tensor(rng.uniform(-1, 1, s).tolist(), dtype=getattr(torch, dtype), requires_grad=True) for s in shapes
    ]


def set_gradients(torch, params, step):
    """The gradient of a bowl around a target, with a disturbance that depends on the step."""
    for i, p in enumerate(params):
        values = p.detach().numpy()
        noise = np.sin(0.1 * step * (1 + np.arange(values.size)) + i).reshape(values.shape)
        g = (values - 0.3) * (1 + np.arange(values.size)).reshape(values.shape) + 0.1 * noise
        p.grad = torch.tensor(g.astype(values.dtype))


def train(torch, name, options, dtype="float32", steps=None):
    """The parameters at each of the snapshots, as nested lists; and the optimizer."""
    params = start(torch, name, dtype)
    optimizer = getattr(torch.optim, name)(params, **options)
    seen = {}
    for step in range(1, (steps or FEWER.get(name) or STEPS[dtype]) + 1):
        set_gradients(torch, params, step)
        optimizer.step()
        if step in SNAPSHOTS:
            seen[str(step)] = [p.tolist() for p in params]
    return seen, optimizer


LBFGS_CASES = [
    {}, {"lr": 0.1, "max_iter": 4}, {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 10}, {"lr": 0.5, "history_size": 2},
]  # fmt: skip


def minimise(torch, options, steps=4, dtype="float64"):
    """Rosenbrock's valley by L-BFGS: the losses, and where it came to."""
    x = torch.tensor([-0.7, 0.4], dtype=getattr(torch, dtype), requires_grad=True)
    y = torch.tensor([[0.5]], dtype=getattr(torch, dtype), requires_grad=True)
    optimizer = torch.optim.LBFGS([x, y], **options)

    def closure():
        optimizer.zero_grad()
        a, b = x[0], x[1]
        loss = (1 - a) * (1 - a) + 10 * (b - a * a) * (b - a * a) + ((y - a) * (y - a)).sum()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(steps)]
    state = optimizer.state[x]
    return {
        "losses": losses,
        "x": x.tolist(),
        "y": y.tolist(),
        "evaluations": state["func_evals"],
        "n": state["n_iter"],
    }


# -- schedules ---------------------------------------------------------------------------------------------------

SCHEDULES = {
    "StepLR": [{"step_size": 3}, {"step_size": 2, "gamma": 0.5}],
    "MultiStepLR": [{"milestones": [2, 5, 5, 9], "gamma": 0.5}],
    "ExponentialLR": [{"gamma": 0.9}],
    "ConstantLR": [{}, {"factor": 0.5, "total_iters": 4}],
    "LinearLR": [{}, {"start_factor": 0.2, "end_factor": 0.7, "total_iters": 6}],
    "PolynomialLR": [{}, {"total_iters": 8, "power": 2.0}],
    "CosineAnnealingLR": [{"T_max": 5}, {"T_max": 20, "eta_min": 0.01}],
    "CosineAnnealingWarmRestarts": [{"T_0": 3}, {"T_0": 2, "T_mult": 2, "eta_min": 0.01}],
    "CyclicLR": [
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4},
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "step_size_down": 2, "mode": "triangular2"},
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3, "mode": "exp_range", "gamma": 0.9, "cycle_momentum": False},
    ],
    "OneCycleLR": [
        {"max_lr": 0.5, "total_steps": 21},
        {"max_lr": 0.5, "epochs": 3, "steps_per_epoch": 8, "anneal_strategy": "linear", "three_phase": True},
        {"max_lr": 0.5, "total_steps": 30, "cycle_momentum": False, "pct_start": 0.5},
    ],
}  # fmt: skip
FLAT_SCHEDULES = [(name, options) for name, several in SCHEDULES.items() for options in several]


def two_groups(torch):
    params = start(torch, "SGD")
    return torch.optim.SGD([{"params": params[:1]}, {"params": params[1:], "lr": 0.02}], lr=0.1, momentum=0.9)


def schedule(torch, name, options, epochs=20):
    """The learning rates and momenta of all groups before each epoch."""
    optimizer = two_groups(torch)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
    return follow(optimizer, scheduler, epochs)


def follow(optimizer, scheduler, epochs=20):
    seen = []
    for _ in range(epochs):
        seen.append([[group["lr"], group["momentum"]] for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    return [*seen, scheduler.get_last_lr()]


def composites(torch):
    """Schedules made of schedules."""
    schedules = torch.optim.lr_scheduler
    out = {}
    optimizer = two_groups(torch)
    parts = [
        schedules.ConstantLR(optimizer, 0.5, 3),
        schedules.ExponentialLR(optimizer, 0.9),
        schedules.StepLR(optimizer, 2),
    ]
    out["sequential"] = follow(optimizer, schedules.SequentialLR(optimizer, parts, [4, 10]))
    optimizer = two_groups(torch)
    parts = [schedules.ConstantLR(optimizer, 0.5, 3), schedules.ExponentialLR(optimizer, 0.9)]
    out["chained"] = follow(optimizer, schedules.ChainedScheduler(parts))
    optimizer = two_groups(torch)
    out["lambda"] = follow(optimizer, schedules.LambdaLR(optimizer, [lambda e: 1 / (e + 1), lambda e: 0.9**e]))
    optimizer = two_groups(torch)
    out["multiplicative"] = follow(optimizer, schedules.MultiplicativeLR(optimizer, lambda e: 0.9 if e % 2 else 1.0))
    return out


PLATEAUS = [
    {}, {"patience": 1, "factor": 0.5}, {"mode": "max", "patience": 0, "cooldown": 2},
    {"threshold_mode": "abs", "patience": 1},
    {"patience": 0, "min_lr": [0.01, 0.001], "factor": 0.3},
]  # fmt: skip


def plateau(torch, options):
    """The learning rates as a metric goes down, stalls and goes up."""
    optimizer = two_groups(torch)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    seen = []
    for metric in [5.0, 4.0, 3.99999, 3.99998, 3.5, 3.6, 3.7, 3.8, 3.9, 3.4, 3.4, 3.4, 3.4, 3.4, 3.4]:
        scheduler.step(metric)
        seen.append([group["lr"] for group in optimizer.param_groups])
    return seen
