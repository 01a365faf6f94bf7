"""What actgrad is measured against: value and VJP of each function, as others compute them.

Each candidate takes (x, g) and returns (y, dL/dx).
"""

import numpy as np
from scipy import special

from actgrad.activations import Linear, ReLU, Sigmoid, Softplus, Tanh

FUNCTIONS = {
    f.__class__.__name__.lower(): f for f in (Sigmoid(), Tanh(), Linear(), ReLU(), Softplus())
}


# The formulas as the four source documents have them: the gradient evaluates the function
# again and is then multiplied by the upstream gradient.
def _documents_sigmoid(x, g):
    q = 1.0 / (1.0 + np.exp(-x))
    y = 1.0 / (1.0 + np.exp(-x))
    return q, g * (y * (1 - y))


def _documents_tanh(x, g):
    return np.tanh(x), g * (1 - np.tanh(x) ** 2)


def _documents_linear(x, g):
    return x, g * np.ones(x.shape, dtype=float)


def _documents_relu_value(x):
    y = np.zeros(x.shape, dtype=float)
    y[x > 0] = x[x > 0]
    return y


def _documents_relu(x, g):
    slope = _documents_relu_value(x)
    slope[slope >= 0] = 1
    return _documents_relu_value(x), g * slope


def _documents_softplus(x, g):
    return np.log(1 + np.exp(x)), g * (1.0 / (1.0 + np.exp(-x)))


DOCUMENTS = {
    "sigmoid": _documents_sigmoid,
    "tanh": _documents_tanh,
    "linear": _documents_linear,
    "relu": _documents_relu,
    "softplus": _documents_softplus,
}


# SciPy has the values; the gradients are the usual ones in terms of the output.
def _scipy_sigmoid(x, g):
    y = special.expit(x)
    return y, g * y * (1 - y)


def _scipy_softplus(x, g):
    return -special.log_expit(-x), g * special.expit(x)


SCIPY = {"sigmoid": _scipy_sigmoid, "softplus": _scipy_softplus}


def ours(f):
    def value_and_vjp(x, g):
        y, vjp = f.value_and_vjp(x)
        return y, vjp(g)

    return value_and_vjp


def ours_with_out(f, y, dx):
    def value_and_vjp(x, g):
        _, vjp = f.value_and_vjp(x, out=y)
        return y, vjp(g, out=dx)

    return value_and_vjp


def copy_limit(y, dx):
    def copies(x, g):
        np.copyto(y, x)
        np.copyto(dx, g)
        return y, dx

    return copies


def torch_candidates():
    """PyTorch's functions and autograd on one thread, or nothing if it is not installed."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)

    def candidate(function):
        def prepare(x, g):
            x, g = torch.from_numpy(x).requires_grad_(), torch.from_numpy(g)

            def call():
                y = function(x)
                return y, torch.autograd.grad(y, x, g)[0]

            return call

        return prepare

    return {
        "sigmoid": candidate(torch.sigmoid),
        "tanh": candidate(torch.tanh),
        "relu": candidate(torch.relu),
        "softplus": candidate(torch.nn.functional.softplus),
        "softmax": candidate(lambda z: torch.softmax(z, dim=-1)),
    }
