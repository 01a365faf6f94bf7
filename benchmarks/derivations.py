"""What a derivation costs: GELU, Mish, and expressions of up to 200 nodes, beside SymPy."""

import time

import sympy

from actgrad.derivations import derive, parse
from actgrad.derivations._expression import size
from actgrad.derivations.functions import ACTIVATIONS

TITLE = "Derive and prove, seconds; SymPy's own diff (one line, no proof) beside it"
SIZES = (10, 25, 50, 100, 200)


def wide(nodes):
    """Sum of small different terms, about so many nodes in all."""
    text, n = "x", 1
    while size(parse(text)) < nodes:
        text += f" + tanh({n}*x)"
        n += 1
    return parse(text)


def nested(nodes):
    """Functions inside functions, about so many nodes in all."""
    heads = ("tanh", "atan", "sin", "erf")
    text, n = "x", 0
    while size(parse(text)) < nodes and n < 18:
        text = f"{heads[n % 4]}({n % 5 + 1}*{text} + 1)"
        n += 1
    return parse(text)


def measured(name, expression, x):
    started = time.perf_counter()
    derivation = derive(expression, x)
    derived = time.perf_counter()
    report = derivation.prove()
    proved = time.perf_counter()
    sympy.diff(expression.doit(), x)
    differentiated = time.perf_counter()
    nodes = size(expression)
    return {
        "expression": name,
        "nodes": nodes,
        "steps": report.steps,
        "exact": report.exact,
        "derive": derived - started,
        "prove": proved - derived,
        "ms per node": 1000 * (proved - started) / nodes,
        "sympy diff": differentiated - proved,
    }


def run():
    x = sympy.Symbol("x", real=True)
    rows = [measured(name, ACTIVATIONS[name].expression, x) for name in ("gelu", "mish")]
    rows += [measured("sum", wide(nodes), x) for nodes in SIZES]
    rows += [measured("nested", nested(nodes), x) for nodes in SIZES[:4]]
    return rows
