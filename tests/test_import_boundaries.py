"""What an import may load, each shown in a process of its own."""

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "sympy", "mpmath", "matplotlib", "anywidget", "IPython")

# statement -> the heavy packages that it may load
ALLOWED = {
    "import actgrad": set(),
    "import actgrad.atlas": set(),
    "import actgrad.activations": {"numpy"},
    "import actgrad; actgrad.Sigmoid()(0.5)": {"numpy"},
    "import actgrad; actgrad.Softmax().value_and_vjp([0.5])[1](1.0)": {"numpy"},
    "import actgrad.layers": {"numpy"},
    "import actgrad.gradient_check": {"numpy", "scipy"},
    "import actgrad.derivations": {"sympy", "mpmath"},
}


def loaded(statement):
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize("statement", ALLOWED)
def test_an_import_loads_no_more_than_it_may(statement):
    heavy = loaded(statement) & set(HEAVY)
    assert heavy <= ALLOWED[statement]


def test_the_atlas_knows_nobody():
    code = "import sys; known = set(sys.modules)\nimport actgrad.atlas\n"
    code += "print(*sorted(set(sys.modules) - known))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names = done.stdout.split()
    assert "actgrad.atlas" in names
    allowed = {*sys.stdlib_module_names, "actgrad", "lazy_loader"}
    assert {name.partition(".")[0] for name in names} <= allowed
    assert all(name.startswith("actgrad.atlas") for name in names if "actgrad." in name)


def test_the_probe_sees_what_is_loaded():
    assert loaded("import scipy.special, sympy") >= {"numpy", "scipy", "sympy", "mpmath"}
