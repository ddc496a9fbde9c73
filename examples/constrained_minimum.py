"""Go down Rosenbrock's valley with exact derivatives, freely and within a disk, and draw the ways.

    python examples/constrained_minimum.py [picture.png]

PyTorch has no `minimize`: this is Rushlight's, and SciPy's methods do the searching.
"""

import pathlib
import sys

import numpy as np

import rushlight as torch
from rushlight.optimize import minimize

START = torch.tensor([-1.2, 1.0], dtype=torch.float64)
DISK = {"type": "ineq", "fun": lambda x: 1 - x.square().sum()}
SEARCHES = [("BFGS", ()), ("trust-exact", ()), ("SLSQP", DISK), ("trust-constr", DISK)]
DRAWN = {"BFGS": "BFGS", "trust-constr": "trust-constr within the disk"}
SIZES = [2, 4, 8, 16, 32, 64]


def rosenbrock(x):
    """A curved valley; the lowest point is at (1, 1, ...)."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def search(method, constraints):
    """Minimise from the usual start; return the result and the points on the way."""
    way = [START.tolist()]
    found = minimize(
        rosenbrock, START, method=method, constraints=constraints, callback=lambda state: way.append(state.x.tolist())
    )
    return found, np.array(way)


def evaluations(size):
    """How often L-BFGS-B evaluates the function of so many variables: with exact gradients, and with differences."""
    import scipy.optimize

    x0 = torch.zeros(size, dtype=torch.float64)
    ours = minimize(rosenbrock, x0, method="L-BFGS-B").nfev
    options = {"maxfun": 10**6}
    theirs = scipy.optimize.minimize(
        lambda v: rosenbrock(torch.tensor(v)).item(), x0.numpy(), method="L-BFGS-B", options=options
    ).nfev
    return ours, theirs


def draw(path, ways, counts):
    """Save a picture of the valley with the ways through it, and of the counts; say so where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError:
        print("No picture: matplotlib is not installed (pip install matplotlib).")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5), layout="constrained", width_ratios=[3, 2])
    x, y = torch.meshgrid(torch.linspace(-1.5, 1.4, 300), torch.linspace(-0.6, 1.55, 300), indexing="xy")
    height = torch.vmap(rosenbrock)(torch.stack([x.flatten(), y.flatten()], 1)).reshape(x.shape)
    levels = torch.logspace(-2, 3, 16).tolist()
    left.contour(x.numpy(), y.numpy(), height.numpy(), levels=levels, colors="0.8", linewidths=0.8)
    left.add_patch(plt.Circle((0, 0), 1, color="tab:green", alpha=0.12, linewidth=0))
    left.text(-0.35, 0.55, "the disk", color="tab:green")
    for (label, way), colour, marker in zip(ways.items(), ["tab:blue", "tab:red"], "os"):
        left.plot(
            *way.T, f"{marker}-", color=colour, markersize=3.5, linewidth=1.2, label=f"{label}, {len(way) - 1} steps"
        )
        left.plot(*way[-1], "*", color=colour, markersize=15, markeredgecolor="white")
    left.plot(*START, "o", color="black")
    left.annotate("start", START.tolist(), xytext=(-4, 9), textcoords="offset points", ha="center")
    left.set(xlim=(-1.5, 1.4), ylim=(-0.6, 1.55), aspect="equal", title="Rosenbrock's valley", xlabel="x₁", ylabel="x₂")
    left.legend(frameon=False, loc="upper center")
    for label, marker, column in (("differences", "s", 1), ("exact gradients", "o", 0)):
        right.loglog(SIZES, [c[column] for c in counts], f"{marker}-", label=label)
    right.set_xticks(SIZES, [str(n) for n in SIZES], minor=False)
    right.minorticks_off()
    right.set(title="Evaluations that L-BFGS-B takes", xlabel="variables")
    right.legend(frameon=False)
    right.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    print(f"The picture is in {path}")


def main():
    ways = {}
    print("method         where                 f          evaluations   outside the disk")
    for method, constraints in SEARCHES:
        found, way = search(method, constraints)
        if method in DRAWN:
            ways[DRAWN[method]] = way
        x, y = found.x.tolist()
        outside = "-" if found.constraint_violation is None else f"{found.constraint_violation:.0e}"
        print(f"{method:12s}   ({x:8.5f}, {y:8.5f})   {found.fun:.2e}   {found.nfev:11d}   {outside:>16s}")
    print()

    counts = [evaluations(size) for size in SIZES]
    print("variables   with exact gradients   with differences")
    for size, (ours, theirs) in zip(SIZES, counts):
        print(f"{size:9d}   {ours:20d}   {theirs:16d}")
    print()
    picture = sys.argv[1] if len(sys.argv) > 1 else "build/constrained_minimum.png"
    draw(pathlib.Path(picture), ways, counts)


if __name__ == "__main__":
    main()
