"""Derivations load SymPy and never NumPy."""

import subprocess
import sys

import pytest

CODE = """
import sys
{work}
loaded = sorted(name for name in sys.modules if name.split(".")[0] in {refused})
assert not loaded, loaded
assert "sympy" in sys.modules
"""
WORK = [
    "import actgrad.derivations",
    "from actgrad.derivations import derive; derive('x*erf(x)').prove()",
    "from actgrad.derivations import softmax_vjp; softmax_vjp()._repr_markdown_()",
    "from actgrad.derivations import in_terms_of_output; in_terms_of_output('tanh(x)')",
    "from actgrad.__main__ import main; assert main(['derive', 'x^2']) == 0",
]


@pytest.mark.parametrize("work", WORK)
def test_numpy_is_never_loaded(work):
    code = CODE.format(work=work, refused=("numpy", "scipy", "matplotlib"))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
