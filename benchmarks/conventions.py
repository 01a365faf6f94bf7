"""What frameworks do where mathematics leaves a choice, asked by calling them.

``python -m benchmarks.record`` asks those that are installed and keeps the answers in
``actgrad/data/conventions.json``; the answers of the others stay as they are.
"""

import contextlib
import datetime
import importlib
import json
import os
import warnings

import numpy as np

from benchmarks import RECORDED

RECORD = RECORDED / "conventions.json"
HALVES = 1.0, -1.0

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def ask_all():
    rows = []
    date = datetime.date.today().isoformat()
    for framework, ask in ASKED.items():
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

    def double(*values):
        return torch.tensor(values, dtype=torch.float64)

    def value(f, at):
        return f(double(at)).item()

    def slope(f, at):
        x = double(at).requires_grad_()
        return torch.autograd.grad(f(x).sum(), x)[0].item()

    def softplus_backward(gradient, at):
        return aten.softplus_backward(gradient, at, beta=1, threshold=20)

    zero, one, aten = double(0.0), double(1.0), torch.ops.aten
    matrix, cube = (torch.arange(float(2**n)).reshape((2,) * n) for n in (2, 3))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        by_default = [functional.softmax(x) for x in (matrix, cube)]
    warned = ", with a warning" * bool(caught)
    return torch.__version__, [
        ("ReLU'(0)", "relu(x)", slope(functional.relu, 0.0)),
        ("ReLU'(0)", "maximum(x, 0)", slope(lambda x: torch.maximum(x, zero), 0.0)),
        ("ReLU'(0)", "clamp(x, min=0)", slope(lambda x: x.clamp(min=0), 0.0)),
        ("abs'(0)", "abs(x)", slope(torch.abs, 0.0)),
        ("ReLU(nan)", "relu(nan)", value(functional.relu, np.nan)),
        ("GELU(1)", "gelu(x)", value(functional.gelu, 1.0)),
        (
            "GELU(1)",
            "gelu(x, approximate='tanh')",
            value(lambda x: functional.gelu(x, approximate="tanh"), 1.0),
        ),
        ("softplus(21) - 21", "softplus(x)", value(functional.softplus, 21.0) - 21),
        ("leaky ReLU(-1)", "leaky_relu(x)", value(functional.leaky_relu, -1.0)),
        ("softmax axis", "softmax(x)", _axis(by_default[0].numpy()) + warned),
        (
            "softmax axis",
            "softmax(x), three dimensions",
            _axis(by_default[1].numpy()) + warned,
        ),
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
        ("gate of GLU", "functional.glu(x)", _gate(functional.glu(double(*HALVES)).item())),
        ("sigmoid'(40)", "sigmoid(x)", slope(torch.sigmoid, 40.0)),
        ("tanh'(20)", "tanh(x)", slope(torch.tanh, 20.0)),
        ("ELU'(-40)", "elu(x)", slope(functional.elu, -40.0)),
        (
            "Jacobian of 3 inputs, 2 outputs",
            "autograd.functional.jacobian(f, x)",
            _shape(torch.autograd.functional.jacobian(lambda x: x[:2], double(1.0, 2.0, 3.0))),
        ),
        *(
            (
                "gradient takes",
                f"{name}_backward",
                _takes(
                    lambda at, f=function: value(f, at),
                    lambda at, f=function: slope(f, at),
                    lambda at, f=backward: f(one, double(at)).item(),
                ),
            )
            for name, function, backward in (
                ("sigmoid", torch.sigmoid, aten.sigmoid_backward),
                ("tanh", torch.tanh, aten.tanh_backward),
                ("softplus", functional.softplus, softplus_backward),
                ("gelu", functional.gelu, aten.gelu_backward),
                ("silu", functional.silu, aten.silu_backward),
            )
        ),
    ]


def _jax():
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    lax, nn, jnp = jax.lax, jax.nn, jax.numpy
    highest = lax.AccuracyMode.HIGHEST

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
        ("gate of GLU", "nn.glu(x)", _gate(nn.glu(jnp.array(HALVES)).item())),
        ("sigmoid'(40)", "nn.sigmoid(x)", slope(nn.sigmoid, 40.0)),
        (
            "sigmoid'(40)",
            "lax.logistic(x, accuracy=HIGHEST)",
            slope(lambda x: lax.logistic(x, accuracy=highest), 40.0),
        ),
        ("tanh'(20)", "tanh(x)", slope(jnp.tanh, 20.0)),
        (
            "tanh'(20)",
            "lax.tanh(x, accuracy=HIGHEST)",
            slope(lambda x: lax.tanh(x, accuracy=highest), 20.0),
        ),
        ("ELU'(-40)", "nn.elu(x)", slope(nn.elu, -40.0)),
        (
            "Jacobian of 3 inputs, 2 outputs",
            "jacobian(f)(x)",
            _shape(jax.jacobian(lambda x: x[:2])(jnp.array([1.0, 2.0, 3.0]))),
        ),
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
        ("gate of GLU", "activations.glu(x)", _gate(value(activations.glu, *HALVES))),
    ]


def _tensorflow():
    tf = importlib.import_module("tensorflow")

    def double(*values):
        return tf.constant(values, tf.float64)

    def value(f, *inputs):
        return float(f(double(*inputs))[-1])

    def slope(f, at):
        x = double(at)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return float(tape.gradient(y, x)[0])

    x = double(1.0, 2.0, 3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x[:2]
    return tf.__version__, [
        ("ReLU'(0)", "nn.relu(x)", slope(tf.nn.relu, 0.0)),
        ("ReLU'(0)", "maximum(x, 0)", slope(lambda x: tf.maximum(x, double(0.0)), 0.0)),
        ("abs'(0)", "abs(x)", slope(tf.abs, 0.0)),
        ("ReLU(nan)", "nn.relu(nan)", value(tf.nn.relu, np.nan)),
        ("GELU(1)", "nn.gelu(x)", value(tf.nn.gelu, 1.0)),
        ("softplus(21) - 21", "nn.softplus(x)", value(tf.nn.softplus, 21.0) - 21),
        ("leaky ReLU(-1)", "nn.leaky_relu(x)", value(tf.nn.leaky_relu, -1.0)),
        (
            "softmax axis",
            "nn.softmax(x)",
            _axis(tf.nn.softmax(tf.reshape(double(0.0, 1.0, 2.0, 3.0), (2, 2))).numpy()),
        ),
        ("softmax of -inf only", "nn.softmax(x)", value(tf.nn.softmax, -np.inf, -np.inf)),
        ("log-softmax(0, -800)", "nn.log_softmax(x)", value(tf.nn.log_softmax, 0.0, -800.0)),
        ("sigmoid'(40)", "nn.sigmoid(x)", slope(tf.nn.sigmoid, 40.0)),
        ("tanh'(20)", "nn.tanh(x)", slope(tf.nn.tanh, 20.0)),
        ("ELU'(-40)", "nn.elu(x)", slope(tf.nn.elu, -40.0)),
        (
            "Jacobian of 3 inputs, 2 outputs",
            "GradientTape.jacobian(y, x)",
            _shape(tape.jacobian(y, x)),
        ),
    ]


def _onnx():
    onnx = importlib.import_module("onnx")
    reference = importlib.import_module("onnx.reference")
    node = onnx.helper.make_node("SwiGLU", ["A", "B"], ["Y"])
    ports = [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.DOUBLE, [1]) for n in "ABY"]
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "g", ports[:2], ports[2:]))
    inputs = {name: np.array([half]) for name, half in zip("AB", HALVES, strict=True)}
    (y,) = reference.ReferenceEvaluator(model).run(None, inputs)
    return f"{onnx.__version__} (opset {onnx.defs.onnx_opset_version()})", [
        ("gate of GLU", "SwiGLU(A, B)", _gate(y.item(), lambda x: x / (1 + np.exp(-x))))
    ]


ASKED = {
    "PyTorch": _torch,
    "JAX": _jax,
    "Keras": _keras,
    "TensorFlow": _tensorflow,
    "ONNX": _onnx,
}


def _gate(y, gate=lambda x: 1 / (1 + np.exp(-x))):
    """Say which of the two halves went through the gate, by the unit's output at both."""
    first, second = HALVES
    found = {
        "first half": gate(first) * second,
        "second half": first * gate(second),
    }
    (half,) = [name for name, expected in found.items() if np.isclose(y, expected, rtol=1e-6)]
    return half


def _takes(f, slope, backward):
    """Say what a backward function of f takes: the input x or the output f(x)."""
    x, y = 0.5, f(0.5)
    takes = [
        name
        for name, argument in (("input", x), ("output", y))
        if np.isclose(backward(argument), slope(x), rtol=1e-9)
    ]
    (taken,) = takes
    return taken


def _axis(y):
    """Return the axis along which a result sums to 1, counted from the end."""
    if np.allclose(y.sum(), 1):
        return "all elements"
    return str(next(axis for axis in range(-y.ndim, 0) if np.allclose(y.sum(axis), 1)))


def _shape(jacobian):
    return " × ".join(str(int(length)) for length in jacobian.shape)


def record():
    """Ask what is installed and write the answers that the book reads."""
    rows = ask_all()
    asked = {row["framework"] for row in rows}
    kept = json.loads(RECORD.read_text("utf-8"))["rows"] if RECORD.exists() else []
    rows += [row for row in kept if row["framework"] not in asked]
    rows.sort(key=lambda row: list(ASKED).index(row["framework"]))
    RECORD.write_text(
        json.dumps({"rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"conventions: answers of {', '.join(sorted(asked)) or 'no framework'} written")
