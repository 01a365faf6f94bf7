"""From text to a SymPy expression: the book's language, unevaluated and in source order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from actgrad.atlas import FUNCTIONS, Node, ParseError, definition, read
from actgrad.atlas._table import STABLE
from actgrad.derivations._expression import (
    D,
    Decimal,
    Expr,
    IndexSum,
    add,
    divide,
    is_reciprocal,
    multiply,
    negate,
    raise_to,
)

__all__ = ["ParseError", "parse"]

_CONSTANTS = {"e": sympy.E, "pi": sympy.pi}
_RELATIONS: Mapping[str, Callable[..., Expr]] = {
    "<": sympy.StrictLessThan,
    "<=": sympy.LessThan,
    ">": sympy.StrictGreaterThan,
    ">=": sympy.GreaterThan,
    "==": sympy.Eq,
    "!=": sympy.Ne,
}


def _sum(term: Expr, index: Expr, first: Expr, last: Expr, *excepted: Expr) -> Expr:
    if first != 1:
        raise ParseError("sums start at 1: write sum(term, j, 1, n)", "sum", 1)
    return IndexSum(term, index, last, *excepted)


def _derivative(expression: Expr, variable: Expr) -> Expr:
    if not isinstance(variable, (sympy.Symbol, sympy.Indexed)):
        raise ParseError("a derivative is taken by a variable: write D(x^2, x)", "D", 1)
    return D(expression, variable)


_NOTATION: Mapping[str, Callable[..., Expr]] = {
    "D": _derivative,
    "sum": _sum,
    "delta": sympy.KroneckerDelta,
}


def parse(
    text: str,
    names: Mapping[str, Expr] | None = None,
    *,
    kept: Mapping[str, Callable[..., Expr]] = {},
) -> Expr:
    """Return the expression that the text spells, unevaluated and in its own order.

    ``parse("x tanh(ln(1 + e^x))")``. Every unknown name is a real variable; how the language is
    read, its functions and its limits, says `actgrad.atlas.read`. The text is never executed.

    Parameters
    ----------
    text
        At most 2000 characters, in plain notation, as typed from print, or in simple LaTeX.
    names
        What certain names stand for: a symbol with other assumptions, a function symbol or an
        indexed base. With names given, the book's notation is understood too:
        ``d/dx(f)`` or ``D(f, x)``, ``sum(term, j, 1, n)``, ``sum(term, j, 1, n, i)`` for the
        sum over all j but i, ``delta(i, k)`` and ``S[i]``.
    kept
        Functions of the language that keep their name instead of becoming their definition.

    Returns
    -------
    The unevaluated SymPy expression.

    Raises
    ------
    ParseError
        With the place and what to write instead.

    Examples
    --------
    >>> from actgrad.derivations import parse, plain
    >>> plain(parse("2x·tanh²(x)"))
    '2*x*tanh(x)^2'
    """
    known = dict(names or {})
    functions = {name: known[name] for name in known if not isinstance(known[name], sympy.Expr)}
    if names is not None:
        functions = {**_NOTATION, **functions}
    bases = [name for name in known if isinstance(known[name], sympy.IndexedBase)]
    letters = known.keys() - functions.keys()
    tree = read(text, letters, free=True, functions=functions, indexed=bases)
    return expression(tree, known, {**kept, **functions})


def expression(
    node: Node,
    names: Mapping[str, Expr],
    functions: Mapping[str, Callable[..., Expr]] = {},
    *,
    stable: bool = False,
) -> Expr:
    """Return the expression of a tree; a name that is not given is a real variable.

    With `stable`, what SymPy does not know is written out as a form for floating-point numbers.
    """

    def of(part: Node) -> Expr:
        return expression(part, names, functions, stable=stable)

    kind, children = node.kind, node.children
    if kind == "number":
        value = sympy.Rational(node.value)
        return value if value.is_Integer else Decimal(value.p, value.q)
    if kind == "constant":
        return _CONSTANTS[node.value]
    if kind == "name":
        return names[node.value] if node.value in names else sympy.Symbol(node.value, real=True)
    if kind == "product":
        return _product([of(child) for child in children])
    if kind == "reciprocal":
        return divide(1, of(children[0]))
    if kind == "otherwise":
        return sympy.true
    parts = [of(child) for child in children]
    if kind == "sum":
        return add(*parts)
    if kind == "negative":
        return negate(*parts)
    if kind == "power":
        return raise_to(*parts)
    if kind == "index":
        return names[node.value][tuple(parts) if len(parts) > 1 else parts[0]]
    if kind == "relation":
        return _RELATIONS[node.value](*parts, evaluate=False)
    if kind == "and":
        return sympy.And(*parts, evaluate=False)
    if kind == "cases":
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return sympy.Piecewise(*pairs, evaluate=False)
    if node.value in functions:
        return _called(node.value, functions[node.value], parts)
    own = FUNCTIONS[node.value].sympy
    if own and not (stable and node.value in STABLE):
        return getattr(sympy, own)(*parts, evaluate=False)
    return expression(definition(node.value, stable), {"x": parts[0]}, stable=stable)


def _called(name: str, function: Callable[..., Expr], parts: list[Expr]) -> Expr:
    try:
        return function(*parts)
    except TypeError:
        number = len(parts)
        raise ParseError(f"{name} does not take {number} arguments", "arity", 1) from None


def _product(factors: list[Expr]) -> Expr:
    # A product in brackets stays a group; "a*b/c" is one bar.
    if factors[0] == 1 and is_reciprocal(factors[1]):
        del factors[0]
    if len(factors) == 1:
        return factors[0]
    if all(map(is_reciprocal, factors)):
        return multiply(*factors)
    return sympy.Mul(*factors, evaluate=False)
