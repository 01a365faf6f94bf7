"""The cost in n and in k, and a log-log picture of it."""

from functools import partial
from pathlib import Path

import numpy as np

from actgrad.activations import Sigmoid, Softmax
from benchmarks import candidates
from benchmarks.softmax import documents_jacobian
from benchmarks.timing import best_times

TITLE = (
    "Value + VJP in microseconds: sigmoid by n; softmax of 8 rows by k, closed and by Jacobian"
)
PICTURE = Path("_build/bench/scaling.svg")
N = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
K = (3, 10, 30, 100, 300, 1_000, 3_000)


def run():
    random = np.random.default_rng(1)
    rows = []

    def measure(label, size, x, call):
        times = best_times({label: call}, budget=0.1, rounds=5)
        rows.append({"curve": label, "size": size, "us": 1e6 * times[label]})

    for n in N:
        x, g = random.standard_normal((2, n))
        measure("sigmoid", n, x, partial(candidates.ours(Sigmoid()), x, g))
        measure("sigmoid, documents", n, x, partial(candidates.DOCUMENTS["sigmoid"], x, g))
    for k in K:
        z, g = random.standard_normal((2, 8, k))
        measure("softmax, closed", k, z, partial(candidates.ours(Softmax()), z, g))
        if k <= 1_000:
            measure("softmax, Jacobian", k, z, partial(documents_jacobian, z, g))
    draw(rows)
    return rows


def draw(rows):
    """Draw the curves, if matplotlib is installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        print("matplotlib is not installed: no picture")
        return
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "actgrad"
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for label in dict.fromkeys(row["curve"] for row in rows):
        curve = [row for row in rows if row["curve"] == label]
        axes.loglog(
            [row["size"] for row in curve], [row["us"] for row in curve], "o-", label=label
        )
    axes.set_xlabel("n or k")
    axes.set_ylabel("microseconds")
    axes.legend()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE)
