"""One call on a small array, against the bare ufuncs that it needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from actgrad.activations import Linear, ReLU, Sigmoid, Softmax, Softplus, Tanh
from benchmarks.timing import best_times

TITLE = "One call at n = 100; ratios are to the bare ufuncs of the same formula"


def _sigmoid(x):
    e = np.exp(x.clip(-np.inf, 80))
    return e / (1 + e)


def _sigmoid_gradient(x):
    e = np.exp(x)
    d = 1 + e
    return e / d / d


def _tanh_gradient(x):
    return 1 / (1 + np.sinh(x) ** 2)


def _softplus(x):
    return np.maximum(np.log1p(np.exp(x.clip(-np.inf, 512))), x)


def _softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "Sigmoid()": (Sigmoid(), _sigmoid),
    "Sigmoid().gradient": (Sigmoid().gradient, _sigmoid_gradient),
    "Tanh()": (Tanh(), np.tanh),
    "Tanh().gradient": (Tanh().gradient, _tanh_gradient),
    "Linear()": (Linear(), np.positive),
    "ReLU()": (ReLU(), lambda x: x.clip(0, np.inf)),
    "ReLU().gradient": (ReLU().gradient, lambda x: np.ceil(x.clip(0, 1))),
    "Softplus()": (Softplus(), _softplus),
    "Softmax()": (Softmax(), _softmax),
}


def run():
    x = 3 * np.random.default_rng(1).standard_normal(100)
    rows = []
    for name, (call, bare) in CASES.items():
        times = best_times({"ours": partial(call, x), "bare": partial(bare, x)})
        rows.append(
            {
                "call": name,
                "us": 1e6 * times["ours"],
                "bare us": 1e6 * times["bare"],
                "ratio": times["ours"] / times["bare"],
            }
        )
    return rows
