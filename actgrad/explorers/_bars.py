"""Bars and matrices for the still pictures."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from actgrad.explorers import _palette


def draw_bars(
    axes: Axes, values: Sequence[float] | np.ndarray, letter: str, colour: str
) -> None:
    """Draw bars, each with its value."""
    names = [f"${letter}_{i + 1}$" for i in range(len(values))]
    axes.grid(visible=False)
    bars = axes.bar(names, values, color=colour)
    axes.bar_label(bars, [f"{value:.2f}" for value in values], padding=2, fontsize=8)
    axes.axhline(0, color="0.5", linewidth=0.8)
    axes.margins(y=0.15)


def draw_matrix(axes: Axes, matrix: np.ndarray) -> None:
    """Draw a matrix as coloured cells with their values; 0 is white."""
    size = len(matrix)
    negative, positive = (_palette.line(role)["color"] for role in ("derivative", "function"))
    colours = LinearSegmentedColormap.from_list("signs", [negative, "white", positive])
    largest = max(float(np.abs(matrix).max()), 1e-12)
    axes.grid(visible=False)
    axes.pcolormesh(matrix[::-1], cmap=colours, vmin=-2 * largest, vmax=2 * largest)
    for i in range(size):
        for k in range(size):
            place = (k + 0.5, size - i - 0.5)
            axes.text(*place, f"{matrix[i, k]:.2f}", ha="center", va="center", color="black")
    centres = np.arange(size) + 0.5
    axes.set_xticks(centres, [f"$z_{k + 1}$" for k in range(size)])
    axes.set_yticks(centres, [f"$y_{size - i}$" for i in range(size)])
    axes.set_aspect("equal")
