"""The derivative of a tree, with the language's functions known as such."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from actgrad.atlas._evaluate import definition
from actgrad.atlas._language import Node, read
from actgrad.atlas._table import DERIVATIVES

_ZERO, _ONE, _E = Node("number", "0"), Node("number", "1"), Node("constant", "e")


def derivative(node: Node, name: str) -> Node:
    """Return the derivative of a tree by one of its names.

    Parameters
    ----------
    node : Node
        As `read` returns it.
    name : str
        The variable.

    Returns
    -------
    Node
        Where cases meet, and where two arguments of ``max`` or ``min`` are equal, it is the
        derivative of one of the two sides; ``abs`` has the derivative 0 at 0.

    Raises
    ------
    ValueError
        For a function whose derivative the language cannot say, such as ``gamma``.

    Examples
    --------
    >>> str(derivative(read("x*Phi(x)", ["x"]), "x"))
    'Phi(x) + x*phi(x)'
    """
    return by_rule(node, name, lambda part: derivative(part, name))


def by_rule(node: Node, name: str, of: Callable[[Node], Node]) -> Node:
    """Return the derivative by the one rule for a tree's kind; ``of`` gives its parts'."""
    if name not in node.names():
        return _ZERO
    kind, children = node.kind, node.children
    if kind == "name":
        return _ONE
    if kind == "cases":
        parts = [part if place % 2 else of(part) for place, part in enumerate(children)]
        return Node("cases", "", tuple(parts))
    if kind == "product":
        terms = []
        for place, factor in enumerate(children):
            others = (*children[:place], *children[place + 1 :])
            terms.append(_product(*others, of(factor)))
        return _sum(*terms)
    inner = [of(child) for child in children]
    if kind == "sum":
        return _sum(*inner)
    if kind == "negative":
        return _negative(inner[0])
    if kind == "reciprocal":
        return _negative(
            _product(inner[0], _reciprocal(_power(children[0], Node("number", "2"))))
        )
    if kind == "power":
        return _power_rule(node, inner, name)
    if kind == "call" and node.value in ("max", "min"):
        return _extremum(node.value, children, inner)
    if kind == "call":
        (argument,) = children
        return _product(_put(_outer(node.value), argument), inner[0])
    raise ValueError(f"{node} has no derivative")


def _power_rule(node: Node, inner: list[Node], name: str) -> Node:
    base, exponent = node.children
    if inner[1] == _ZERO:
        lowered = _power(base, _less_one(exponent))
        return _product(exponent, lowered, inner[0])
    log = _ONE if base == _E else Node("call", "log", (base,))
    grown = _product(inner[1], log)
    if inner[0] != _ZERO:
        grown = _sum(grown, _product(exponent, inner[0], _reciprocal(base)))
    return _product(node, grown)


def _extremum(name: str, arguments: tuple[Node, ...], inner: list[Node]) -> Node:
    if len(arguments) == 1:
        return inner[0]
    rest = Node("call", name, arguments[1:]) if len(arguments) > 2 else arguments[1]
    first = Node("relation", ">" if name == "max" else "<", (arguments[0], rest))
    other = _extremum(name, arguments[1:], inner[1:])
    return Node("cases", "", (inner[0], first, other, Node("otherwise")))


@lru_cache
def _outer(name: str) -> Node:
    """Return the derivative of a function of the language, as a tree in ``x``."""
    if name in DERIVATIVES:
        return read(DERIVATIVES[name], ["x"])
    try:
        return derivative(definition(name), "x")
    except KeyError:
        raise ValueError(f"the derivative of {name} is not known: write another form") from None


def _put(node: Node, argument: Node) -> Node:
    """Return the tree with its ``x`` replaced."""
    if node == Node("name", "x"):
        return argument
    return Node(node.kind, node.value, tuple(_put(child, argument) for child in node.children))


# Trees put together without the zeros and ones that nobody would write.


def _sum(*terms: Node) -> Node:
    parts = (part for t in terms for part in (t.children if t.kind == "sum" else (t,)))
    kept = tuple(part for part in parts if part != _ZERO)
    if len(kept) < 2:
        return kept[0] if kept else _ZERO
    return Node("sum", "", kept)


def _negative(node: Node) -> Node:
    if node == _ZERO:
        return node
    return node.children[0] if node.kind == "negative" else Node("negative", "", (node,))


def _product(*factors: Node) -> Node:
    if _ZERO in factors:
        return _ZERO
    kept: list[Node] = []
    for factor in factors:
        for part in factor.children if factor.kind == "product" else (factor,):
            if _reciprocal(part) in kept:
                kept.remove(_reciprocal(part))
            elif part != _ONE:
                kept.append(part)
    kept.sort(key=lambda factor: factor.kind == "reciprocal")
    if kept and kept[0].kind == "reciprocal":
        kept.insert(0, _ONE)
    if len(kept) < 2:
        return kept[0] if kept else _ONE
    return Node("product", "", tuple(kept))


def _reciprocal(node: Node) -> Node:
    return node.children[0] if node.kind == "reciprocal" else Node("reciprocal", "", (node,))


def _power(base: Node, exponent: Node) -> Node:
    return base if exponent == _ONE else Node("power", "", (base, exponent))


def _less_one(exponent: Node) -> Node:
    if exponent.kind == "number" and exponent.value.isdigit():
        return Node("number", str(int(exponent.value) - 1))
    return Node("sum", "", (exponent, Node("negative", "", (_ONE,))))
