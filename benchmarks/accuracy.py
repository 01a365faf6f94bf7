"""The largest error of values and gradients in ULP, and where it happens.

"Where" is the input nearest to 0 at which the error reaches half of its maximum.

Ours beside the textbook formulas, SciPy, PyTorch and JAX. The last two are measured where they
are installed; else their rows come from ``actgrad/data/``, with the versions they were measured
with. ``python -m benchmarks.record`` records what is installed.
"""

import datetime
import json
from functools import partial

import mpmath
import numpy as np

from actgrad import activations
from actgrad.atlas import DEFINITIONS, Arithmetic, evaluate
from benchmarks import RECORDED, frameworks

TITLE = "Largest error in ULP (and where it begins), of normal results; mpmath is the judge"
ULP_BEYOND_COUNTING = 1e30


_MPMATH = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)


def _exact(tree, own):
    def at(x):
        return evaluate(tree, {"x": x, **own}, _MPMATH)

    return at


EXACT = {
    (name, quantity): _exact(getattr(DEFINITIONS[name], quantity), DEFINITIONS[name].defaults)
    for name in ("sigmoid", "tanh", "relu", "softplus")
    for quantity in ("value", "gradient")
}


def points(dtype):
    """The inputs of the table: dense near 0, out to both tails, and log-spaced around 0."""
    logarithmic = np.logspace(-30, 2.8, 400)
    grid = np.concatenate(
        [
            np.linspace(-45, 45, 3601),
            np.linspace(-740, 740, 1481),
            logarithmic,
            -logarithmic,
        ]
    )
    return np.unique(grid.astype(dtype))


def curve_points(dtype):
    """The inputs of the curves that the book plots."""
    return np.linspace(-60, 60, 241).astype(dtype)


def ulp_errors(results, truths, dtype):
    """The errors in ULP of the exact results; NaN where the exact result is not normal."""
    info = np.finfo(dtype)
    errors = np.full(len(truths), np.nan)
    for i, (result, truth) in enumerate(zip(results.tolist(), truths, strict=True)):
        if truth and not info.smallest_normal <= abs(truth) <= info.max:
            continue
        if not np.isfinite(result):
            errors[i] = ULP_BEYOND_COUNTING
            continue
        exponent = mpmath.frexp(truth)[1] - 1 if truth else int(info.minexp)
        unit = mpmath.ldexp(1, exponent - int(info.nmant))
        errors[i] = min(float(abs(mpmath.mpf(result) - truth) / unit), ULP_BEYOND_COUNTING)
    return errors


def _textbook():
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    return {
        ("sigmoid", "value"): sigmoid,
        ("sigmoid", "gradient"): lambda x: sigmoid(x) * (1 - sigmoid(x)),
        ("tanh", "value"): lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
        ("tanh", "gradient"): lambda x: 1 - np.tanh(x) ** 2,
        ("relu", "value"): lambda x: x * (x > 0),
        ("relu", "gradient"): lambda x: (x > 0).astype(x.dtype),
        ("softplus", "value"): lambda x: np.log(1 + np.exp(x)),
        ("softplus", "gradient"): sigmoid,
    }


def _ours():
    functions = {
        name: getattr(activations, DEFINITIONS[name].class_name)() for name, _ in EXACT
    }
    return {
        **{(name, "value"): f for name, f in functions.items()},
        **{(name, "gradient"): f.gradient for name, f in functions.items()},
    }


def _peer(library):
    """A library's version, and what it has of the table's functions."""
    implementations = {}
    for name in dict.fromkeys(name for name, _ in EXACT):
        for found in DEFINITIONS[name].elsewhere:
            if found.framework == library.framework:
                f = frameworks.function(found, **found.needed)
                implementations[name, "value"] = partial(library.value, f)
                if library.derivative:
                    implementations[name, "gradient"] = partial(library.derivative, f, n=1)
    return library.version, implementations


RECORDERS = {
    "torch": lambda: _peer(frameworks.torch()),
    "jax": lambda: _peer(frameworks.jax()),
}


def truths_of(function, quantity, inputs):
    exact = EXACT[function, quantity]
    with mpmath.workdps(60):
        return [mpmath.mpf(exact(mpmath.mpf(x))) for x in inputs.tolist()]


def measure(implementations):
    """Return rows (largest error and place) and curves (error at each plotted input)."""
    rows, curves = [], []
    for dtype in (np.float32, np.float64):
        for function, quantity in EXACT:
            implementation = implementations.get((function, quantity))
            if implementation is None:
                continue
            key = {"function": function, "quantity": quantity, "dtype": dtype.__name__}
            inputs = points(dtype)
            errors = _errors(implementation, function, quantity, inputs)
            worst = np.nanmax(errors)
            # Saturated errors are all about as large: tell where they begin.
            places = inputs[errors >= worst / 2]
            at = float(places[np.argmin(np.abs(places))])
            rows.append({**key, "max_ulp": float(worst), "at": at})
            if dtype is np.float64 and function != "relu":
                inputs = curve_points(dtype)
                errors = _errors(implementation, function, quantity, inputs)
                finite = [
                    None if np.isnan(error) else float(f"{error:.4g}") for error in errors
                ]
                curves.append({**key, "x": inputs.tolist(), "ulp": finite})
    return rows, curves


def _errors(implementation, function, quantity, inputs):
    with np.errstate(all="ignore"):
        results = np.asarray(implementation(inputs))
    assert results.dtype == inputs.dtype
    return ulp_errors(results, truths_of(function, quantity, inputs), inputs.dtype)


def recorded(library):
    """Return what was recorded of a library: its version, rows and curves."""
    return json.loads((RECORDED / f"{library}.json").read_text())


def record():
    """Measure the libraries that are installed and write what the book reads."""
    for library, recorder in RECORDERS.items():
        try:
            version, implementations = recorder()
        except ImportError:
            print(f"accuracy: {library} is not installed; its record stays as it is")
            continue
        rows, curves = measure(implementations)
        content = {
            "library": library,
            "version": version,
            "date": datetime.date.today().isoformat(),
            "rows": rows,
            "curves": curves,
        }
        path = RECORDED / f"{library}.json"
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
        print(f"accuracy: {library} {version} written")


def run():
    columns = {"ours": measure(_ours())[0], "textbook": measure(_textbook())[0]}
    columns["scipy"] = measure(_peer(frameworks.scipy())[1])[0]
    for library, recorder in RECORDERS.items():
        try:
            version, implementations = recorder()
        except ImportError:
            content = recorded(library)
            columns[f"{library} {content['version']}, recorded"] = content["rows"]
        else:
            columns[f"{library} {version}"] = measure(implementations)[0]
    table = []
    for dtype in ("float32", "float64"):
        for function, quantity in EXACT:
            row: dict[str, str | None] = {
                "function": function,
                "quantity": quantity,
                "dtype": dtype,
            }
            for column, rows in columns.items():
                found = [
                    entry
                    for entry in rows
                    if (entry["function"], entry["quantity"], entry["dtype"])
                    == (function, quantity, dtype)
                ]
                row[column] = _text(found[0]) if found else None
            table.append(row)
    return table


def _text(entry):
    if entry["max_ulp"] == 0:
        return "0"
    if entry["max_ulp"] >= ULP_BEYOND_COUNTING:
        return f"not finite at {entry['at']:.4g}"
    return f"{entry['max_ulp']:.3g} at {entry['at']:.4g}"
