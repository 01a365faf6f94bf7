"""Softmax: value and VJP, and the closed VJP against the full Jacobian."""

import tracemalloc
from functools import partial

import numpy as np
from scipy import special

from actgrad.activations import Softmax
from benchmarks import candidates
from benchmarks.timing import best_times, ratio

TITLE = "Softmax, value + VJP, one thread; ratios are time / ours; memory in arrays of z's size"
SHAPES = ((1, 10), (64, 1000), (1024, 1000), (32, 32_000))
JACOBIAN_SHAPES = ((8, 10), (8, 100), (8, 1000))


def _documents_value(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _documents_closed(z, g):
    y = _documents_value(z)
    return y, (g - (g * y).sum(axis=-1, keepdims=True)) * y


def documents_jacobian(z, g):
    """The VJP through one Jacobian a row, in a Python loop, and einsum over the batch."""
    y = _documents_value(z)
    jacobian = np.zeros((*y.shape, y.shape[-1]), dtype=float)
    for i, row in enumerate(y):
        jacobian[i] = np.diagflat(row) - row.reshape(-1, 1) @ row.reshape(1, -1)
    return y, np.einsum("...jk,...kl", jacobian, g[..., None], optimize=True).reshape(g.shape)


def _scipy(z, g):
    y = special.softmax(z, axis=-1)
    return y, (g - (g * y).sum(axis=-1, keepdims=True)) * y


def _peak(call, nbytes):
    call()
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / nbytes


def run():
    random = np.random.default_rng(1)
    torch = candidates.torch_candidates()
    rows = []
    for dtype in (np.float32, np.float64):
        for shape in SHAPES + JACOBIAN_SHAPES:
            z, g = random.standard_normal((2, *shape)).astype(dtype)
            y, dz = np.empty_like(z), np.empty_like(z)
            ours = partial(candidates.ours(Softmax()), z, g)
            calls = {
                "ours": ours,
                "out=": partial(candidates.ours_with_out(Softmax(), y, dz), z, g),
                "closed": partial(_documents_closed, z, g),
                "scipy": partial(_scipy, z, g),
                "copy": partial(candidates.copy_limit(y, dz), z, g),
            }
            if shape in JACOBIAN_SHAPES:
                calls["jacobian"] = partial(documents_jacobian, z, g)
            if "softmax" in torch:
                calls["torch"] = torch["softmax"](z, g)
            times = best_times(calls)
            rows.append(
                {
                    "dtype": dtype.__name__,
                    "shape": f"{shape[0]} x {shape[1]}",
                    "us": 1e6 * times["ours"],
                    "out=": ratio(times, "out=", "ours"),
                    "documents, closed": ratio(times, "closed", "ours"),
                    "documents, Jacobian": ratio(times, "jacobian", "ours"),
                    "scipy": ratio(times, "scipy", "ours"),
                    "torch": ratio(times, "torch", "ours"),
                    "copy": ratio(times, "copy", "ours"),
                    "memory": _peak(ours, z.nbytes),
                }
            )
    return rows
