"""Other libraries' functions, called by the names that the records give.

A library is a way to call a function on an array and, where it differentiates, a way to its
derivatives. Each is imported on first use; those that are not installed are left out.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from actgrad.atlas import Elsewhere

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# One operator in a graph, in the newest set of operators that the installed onnx knows.
_ONNX_TYPES = {"float64": "DOUBLE", "float32": "FLOAT"}


class Library(NamedTuple):
    """A library: its version, and how its functions are called on NumPy arrays.

    ``value(f, x)`` returns f(x); ``derivative(f, x, n)`` the n-th derivative, or is None.
    """

    framework: str
    version: str
    value: Callable[[Any, Any], Any]
    derivative: Callable[[Any, Any, int], Any] | None = None


def installed() -> Iterator[Library]:
    """Yield the libraries that can be imported here."""
    for make in LIBRARIES:
        try:
            yield make()
        except ImportError:
            continue


def function(found: Elsewhere, **arguments: Any) -> Any:
    """Return what a name of a record stands for, with arguments; a layer is made with them."""
    if "." not in found.name:
        return _Operator(found.name, arguments)
    package, *path = found.name.split(".")
    target: Any = importlib.import_module(package)
    for name in path:
        if not hasattr(target, name):
            importlib.import_module(f"{target.__name__}.{name}")
        target = getattr(target, name)
    return target(**arguments) if isinstance(target, type) else partial(target, **arguments)


class _Operator(NamedTuple):
    name: str
    attributes: dict[str, Any]


def torch() -> Library:
    torch = importlib.import_module("torch")

    def value(f, x):
        return _like(f, torch.from_numpy(x)).detach().numpy()

    def _like(f, x):
        """Call a function, or a module in the precision of its input."""
        return (f.to(x.dtype) if isinstance(f, torch.nn.Module) else f)(x)

    def derivative(f, x, n):
        x = torch.from_numpy(x).requires_grad_()
        y = _like(f, x)
        for _ in range(n):
            if not y.requires_grad:  # a constant
                return np.zeros(len(x), x.detach().numpy().dtype)
            (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
        return y.detach().numpy()

    return Library("PyTorch", torch.__version__, value, derivative)


def jax() -> Library:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)

    def value(f, x):
        return np.asarray(f(x))

    def derivative(f, x, n):
        for _ in range(n):
            f = jax.grad(f)
        return np.asarray(jax.jit(jax.vmap(f))(x))

    return Library("JAX", jax.__version__, value, derivative)


def keras() -> Library:
    keras = importlib.import_module("keras")

    def value(f, x):
        if isinstance(f, keras.layers.Layer):
            f = type(f).from_config({**f.get_config(), "dtype": x.dtype.name})
        return np.asarray(keras.ops.convert_to_numpy(f(keras.ops.convert_to_tensor(x))))

    return Library("Keras", f"{keras.__version__} ({keras.backend.backend()})", value)


def tensorflow() -> Library:
    tf = importlib.import_module("tensorflow")

    def value(f, x):
        return f(tf.constant(x)).numpy()

    def derivative(f, x, n):
        def nth(x, n):
            if n == 0:
                return f(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = nth(x, n - 1)
            slope = tape.gradient(y, x)
            return tf.zeros_like(x) if slope is None else slope

        return nth(tf.constant(x), n).numpy()

    return Library("TensorFlow", tf.__version__, value, derivative)


def _model(operator: _Operator, x: Any) -> Any:
    onnx = importlib.import_module("onnx")
    helper, kind = onnx.helper, getattr(onnx.TensorProto, _ONNX_TYPES[x.dtype.name])
    node = helper.make_node(operator.name, ["x"], ["y"], **operator.attributes)
    x_info, y_info = (helper.make_tensor_value_info(name, kind, [None]) for name in "xy")
    graph = helper.make_graph([node], "one", [x_info], [y_info])
    # The newest set that both the reference and the runtime promise to know.
    version = onnx.defs.get_schema(operator.name).since_version
    opset = helper.make_opsetid("", max(version, 22))
    return helper.make_model(graph, opset_imports=[opset])


def onnx() -> Library:
    onnx = importlib.import_module("onnx")
    reference = importlib.import_module("onnx.reference")

    def value(operator, x):
        return reference.ReferenceEvaluator(_model(operator, x)).run(None, {"x": x})[0]

    return Library("ONNX", onnx.__version__, value)


def onnxruntime() -> Library:
    importlib.import_module("onnx")
    runtime = importlib.import_module("onnxruntime")

    def value(operator, x):
        model = _model(operator, x).SerializeToString()
        options = runtime.SessionOptions()
        options.log_severity_level = 4
        session = runtime.InferenceSession(model, options, ["CPUExecutionProvider"])
        return session.run(None, {"x": x})[0]

    return Library("ONNX Runtime", runtime.__version__, value)


def scipy() -> Library:
    scipy = importlib.import_module("scipy")
    return Library("SciPy", scipy.__version__, lambda f, x: f(x))


LIBRARIES = (torch, jax, keras, tensorflow, onnx, onnxruntime, scipy)


def quiet(call: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a call returns, without the warnings that peers raise on the way."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return call(*arguments)
