"""What frameworks do where mathematics leaves a choice, asked by calling them.

``python -m benchmarks.conventions`` asks those that are installed and keeps the answers in
``benchmarks/recorded/conventions.json``; the answers of the others stay as they are.
"""

import contextlib
import datetime
import importlib
import json
import os
import warnings
from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("recorded") / "conventions.json"

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def ask_all():
    rows = []
    date = datetime.date.today().isoformat()
    for framework, ask in (("PyTorch", _torch), ("JAX", _jax), ("Keras", _keras)):
        with contextlib.suppress(ImportError):
            version, answers = ask()
            rows += [
                {
                    "question": question,
                    "framework": framework,
                    "version": version,
                    "date": date,
                    "call": call,
                    "answer": str(answer) if answer != answer else answer,
                }
                for question, call, answer in answers
            ]
    return rows


def _torch():
    torch = importlib.import_module("torch")
    functional = importlib.import_module("torch.nn.functional")

    def slope(f, at):
        x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(f(x), x)[0].item()

    def double(*values):
        return torch.tensor(values, dtype=torch.float64)

    zero, aten = double(0.0)[0], torch.ops.aten
    matrix = double(0.0, 1.0, 2.0, 3.0).reshape(2, 2)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        by_default = functional.softmax(matrix)
    warned = ", with a warning" * bool(caught)
    grad, half = double(1.0), double(0.5)
    return torch.__version__, [
        ("ReLU'(0)", "relu(x)", slope(functional.relu, 0.0)),
        ("ReLU'(0)", "maximum(x, 0)", slope(lambda x: torch.maximum(x, zero), 0.0)),
        ("ReLU'(0)", "clamp(x, min=0)", slope(lambda x: x.clamp(min=0), 0.0)),
        ("abs'(0)", "abs(x)", slope(torch.abs, 0.0)),
        ("ReLU(nan)", "relu(nan)", functional.relu(double(np.nan)).item()),
        ("GELU(1)", "gelu(x)", functional.gelu(double(1.0)).item()),
        (
            "GELU(1)",
            "gelu(x, approximate='tanh')",
            functional.gelu(double(1.0), approximate="tanh").item(),
        ),
        ("softplus(21) - 21", "softplus(x)", functional.softplus(double(21.0)).item() - 21),
        (
            "leaky ReLU(-1)",
            "leaky_relu(x)",
            functional.leaky_relu(double(-1.0)).item(),
        ),
        ("softmax axis", "softmax(x)", _axis(by_default.numpy()) + warned),
        (
            "softmax of -inf only",
            "softmax(x, dim=-1)",
            functional.softmax(double(-np.inf, -np.inf), dim=-1)[0].item(),
        ),
        (
            "log-softmax(0, -800)",
            "log_softmax(x, dim=-1)",
            functional.log_softmax(double(0.0, -800.0), dim=-1)[1].item(),
        ),
        ("sigmoid'(40)", "sigmoid(x)", slope(torch.sigmoid, 40.0)),
        ("tanh'(20)", "tanh(x)", slope(torch.tanh, 20.0)),
        *(
            ("gradient takes", name, _takes(backward(grad, half).item(), derivative))
            for name, backward, derivative in (
                ("sigmoid_backward", aten.sigmoid_backward, _SIGMOID),
                ("tanh_backward", aten.tanh_backward, _TANH),
            )
        ),
    ]


def _jax():
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    nn, jnp = jax.nn, jax.numpy

    def slope(f, at):
        return float(jax.grad(f)(at))

    matrix = jnp.arange(4.0).reshape(2, 2)
    return jax.__version__, [
        ("ReLU'(0)", "nn.relu(x)", slope(nn.relu, 0.0)),
        ("ReLU'(0)", "maximum(x, 0)", slope(lambda x: jnp.maximum(x, 0.0), 0.0)),
        ("ReLU'(0)", "clip(x, min=0)", slope(lambda x: jnp.clip(x, min=0.0), 0.0)),
        ("abs'(0)", "abs(x)", slope(jnp.abs, 0.0)),
        ("ReLU(nan)", "nn.relu(nan)", float(nn.relu(np.nan))),
        ("GELU(1)", "nn.gelu(x)", float(nn.gelu(1.0))),
        (
            "GELU(1)",
            "nn.gelu(x, approximate=False)",
            float(nn.gelu(1.0, approximate=False)),
        ),
        ("softplus(21) - 21", "nn.softplus(x)", float(nn.softplus(21.0)) - 21),
        ("leaky ReLU(-1)", "nn.leaky_relu(x)", float(nn.leaky_relu(-1.0))),
        ("softmax axis", "nn.softmax(x)", _axis(np.asarray(nn.softmax(matrix)))),
        (
            "softmax of -inf only",
            "nn.softmax(x)",
            float(nn.softmax(jnp.array([-np.inf, -np.inf]))[0]),
        ),
        (
            "log-softmax(0, -800)",
            "nn.log_softmax(x)",
            float(nn.log_softmax(jnp.array([0.0, -800.0]))[1]),
        ),
        ("sigmoid'(40)", "nn.sigmoid(x)", slope(nn.sigmoid, 40.0)),
        ("tanh'(20)", "tanh(x)", slope(jnp.tanh, 20.0)),
    ]


def _keras():
    keras = importlib.import_module("keras")
    activations, ops = keras.activations, keras.ops
    matrix = np.arange(4.0).reshape(2, 2)

    def value(f, *inputs):
        return float(np.ravel(np.asarray(f(np.array(inputs))))[-1])

    return f"{keras.__version__} ({keras.backend.backend()})", [
        ("ReLU(nan)", "activations.relu(nan)", value(activations.relu, np.nan)),
        ("GELU(1)", "activations.gelu(x)", value(activations.gelu, 1.0)),
        ("GELU(1)", "ops.gelu(x)", value(ops.gelu, 1.0)),
        (
            "softplus(21) - 21",
            "activations.softplus(x)",
            value(activations.softplus, 21.0) - 21,
        ),
        ("leaky ReLU(-1)", "activations.leaky_relu(x)", value(activations.leaky_relu, -1.0)),
        ("leaky ReLU(-1)", "layers.LeakyReLU()", value(keras.layers.LeakyReLU(), -1.0)),
        (
            "softmax axis",
            "activations.softmax(x)",
            _axis(np.asarray(activations.softmax(matrix))),
        ),
        (
            "log-softmax(0, -800)",
            "activations.log_softmax(x)",
            value(activations.log_softmax, 0.0, -800.0),
        ),
    ]


def _SIGMOID(y):
    return y * (1 - y)


def _TANH(y):
    return 1 - y**2


def _takes(found, of_output):
    """Say whether a backward function given 1/2 took it as the output or as the input."""
    return "output" if np.isclose(found, of_output(0.5)) else "input"


def _axis(y):
    """Return the axis along which a 2 by 2 result sums to 1."""
    if np.allclose(y.sum(), 1):
        return "all elements"
    return str(next(axis - y.ndim for axis in (0, 1) if np.allclose(y.sum(axis), 1)))


def main():
    rows = ask_all()
    if not rows:
        raise SystemExit("conventions: install torch, jax or keras first")
    asked = {row["framework"] for row in rows}
    kept = json.loads(RECORD.read_text())["rows"] if RECORD.exists() else []
    rows += [row for row in kept if row["framework"] not in asked]
    RECORD.write_text(json.dumps({"rows": rows}, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(rows)} answers of {', '.join(sorted(asked))} written to {RECORD}")


if __name__ == "__main__":
    main()
