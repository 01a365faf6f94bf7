import pytest
import sympy

from actgrad.derivations import parse

PARAMETERS = {
    name: sympy.Symbol(name, positive=True) for name in ("alpha", "beta", "lam", "a", "s")
}


@pytest.fixture(scope="session")
def x():
    return sympy.Symbol("x", real=True)


@pytest.fixture(scope="session")
def read():
    """Parse in the book's notation, with the positive parameters of the corpus."""
    return lambda text: parse(text, PARAMETERS)
