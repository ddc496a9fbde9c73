"""Recover the coefficients of x^2 + 2x + 3 from 20 samples, and draw the fit.

An ordinary PyTorch program: it runs under PyTorch as it is, and under Rushlight with

    python -m rushlight examples/polynomial_regression.py [picture.png]
"""

import pathlib
import sys

import torch

TRUE = {"x^2": 1.0, "x": 2.0, "1": 3.0}
SAMPLES, STEPS, LEARNING_RATE = 20, 2000, 0.08


def coefficients():
    """The true coefficients, as a column."""
    return torch.tensor(list(TRUE.values())).reshape(-1, 1)


def powers(x):
    """The columns x^2, x and 1: the model is linear in its coefficients."""
    return torch.cat([x * x, x, torch.ones_like(x)], dim=1)


def fit(x, y):
    """Minimise the mean squared error with NAdam; return the coefficients and the loss of every step."""
    weights = torch.randn(x.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.NAdam([weights], lr=LEARNING_RATE)
    losses = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        loss = torch.mean(torch.square(y - x @ weights))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % 100 == 0:
            print(f"step {step:5d} of {STEPS}   mean squared error {losses[-1]:9.2e}")
    return weights.detach(), losses


def draw(path, x, y, weights, losses):
    """Save a picture of the samples, the two curves and the loss; say so where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError:
        print("No picture: matplotlib is not installed (pip install matplotlib).")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    grid = torch.linspace(x.min().item() - 1, x.max().item() + 1, 200).reshape(-1, 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(grid.numpy(), (powers(grid) @ coefficients()).numpy(), color="0.75", linewidth=6, label="true")
    left.plot(grid.numpy(), (powers(grid) @ weights).numpy(), color="tab:red", label="recovered")
    left.plot(x.numpy(), y.numpy(), "o", color="tab:blue", markersize=5, label=f"{len(x)} samples")
    left.set(title="x² + 2x + 3, recovered from samples", xlabel="x", ylabel="y")
    left.legend(frameon=False)
    right.semilogy(range(1, len(losses) + 1), losses, color="tab:red")
    right.set(title="Mean squared error under NAdam", xlabel="step")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    print(f"The picture of the fit is in {path}")


def main():
    torch.manual_seed(0)
    x = 5 * torch.randn(SAMPLES, 1)
    y = powers(x) @ coefficients()
    weights, losses = fit(powers(x), y)

    print()
    print("term        true   recovered   difference")
    for (term, true), recovered in zip(TRUE.items(), weights.flatten().tolist()):
        print(f"{term:4s} {true:11.4f} {recovered:11.4f} {recovered - true:+12.1e}")
    print()
    picture = sys.argv[1] if len(sys.argv) > 1 else "build/polynomial_regression.png"
    draw(pathlib.Path(picture), x, y, weights, losses)


if __name__ == "__main__":
    main()
