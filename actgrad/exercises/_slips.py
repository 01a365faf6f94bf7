"""The slips that students make when they differentiate: a rule applied with one fault.

A derivative is taken as `actgrad.atlas.derivative` takes it, whose result is proved; a slip is
the same with one rule's factor, term or sign lost, and everything after it done right.

These make wrong answers before anybody answers, from a tree and without SymPy. Those of
`actgrad.derivations.slips` go the other way: a line has been written, and a false statement
is sought that explains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actgrad.atlas import Node, derivative
from actgrad.atlas._derivative import (
    _E,
    _ONE,
    _negative,
    _outer,
    _power,
    _product,
    _put,
    _reciprocal,
    _sum,
    by_rule,
)


@dataclass(frozen=True)
class Slip:
    """What went wrong, what to say to it, and the wrong derivative that comes out."""

    id: str
    says: str
    wrong: Node


def slips(node: Node, name: str) -> Iterator[Slip]:
    """Yield the wrong derivatives of a tree that one slip makes, the outermost rule's first.

    Examples
    --------
    >>> from actgrad.atlas import read
    >>> for slip in slips(read("sigma(2x)", ["x"]), "x"):
    ...     print(slip.id, "|", slip.wrong)
    inner-derivative | sigma(2*x)*sigma(-2*x)
    outer-at-x | sigma(x)*sigma(-x)*2
    lost-factor | sigma(2*x)*sigma(-2*x)
    """
    if name not in node.names():
        return
    yield from _own(node, name)
    for part in dict.fromkeys(node.children):
        for slip in slips(part, name):
            wrong = by_rule(
                node,
                name,
                lambda child, part=part, slip=slip: (  # type: ignore[misc]
                    slip.wrong if child == part else derivative(child, name)
                ),
            )
            yield replace(slip, wrong=wrong)


def _own(node: Node, name: str) -> Iterator[Slip]:
    """Yield the slips in the one rule for a tree's kind."""
    by_kind = {
        "call": _in_a_call,
        "product": _in_a_product,
        "reciprocal": _in_a_reciprocal,
        "power": _in_a_power,
        "sum": _in_a_sum,
        "cases": _between_cases,
    }
    if node.kind == "negative":
        yield Slip("lost-minus", "A minus sign got lost.", derivative(node.children[0], name))
    elif node.kind in by_kind:
        yield from by_kind[node.kind](node, name)


def _in_a_call(node: Node, name: str) -> Iterator[Slip]:
    if node.value in ("max", "min"):
        yield from _between_cases(node, name)
        return
    (argument,) = node.children
    if argument == Node("name", name):
        return
    yield Slip(
        "inner-derivative",
        f"The chain rule has a second factor: the derivative of what stands in `{node.value}`.",
        _put(_outer(node.value), argument),
    )
    yield Slip(
        "outer-at-x",
        f"The derivative of `{node.value}` belongs at the inner function, not at `{name}`.",
        _product(_outer(node.value), derivative(argument, name)),
    )


def _in_a_product(node: Node, name: str) -> Iterator[Slip]:
    changing = [part for part in node.children if name in part.names()]
    constant = [part for part in node.children if name not in part.names()]
    if constant:
        rest = _product(*changing)
        yield Slip(
            "lost-factor",
            "A constant factor stays in front of the derivative; it got lost.",
            derivative(rest, name),
        )
    if len(changing) < 2:
        return
    yield Slip(
        "product-of-derivatives",
        "The derivative of a product is not the product of the derivatives.",
        _product(*constant, *(derivative(part, name) for part in changing)),
    )
    for id, kept, place in (
        ("first-factor-alone", changing[0], "first"),
        ("last-factor-alone", changing[-1], "last"),
    ):
        others = [part for part in node.children if part is not kept]
        yield Slip(
            id,
            f"This differentiates the {place} factor alone; the product rule has a term for "
            "each factor.",
            _product(*others, derivative(kept, name)),
        )


def _in_a_reciprocal(node: Node, name: str) -> Iterator[Slip]:
    (below,) = node.children
    inner, square = derivative(below, name), _power(below, Node("number", "2"))
    yield Slip(
        "reciprocal-sign",
        "The derivative of a reciprocal has a minus sign.",
        _product(inner, _reciprocal(square)),
    )
    yield Slip(
        "reciprocal-square",
        "In the derivative of a reciprocal the denominator is squared.",
        _negative(_product(inner, _reciprocal(below))),
    )
    yield Slip(
        "reciprocal-inner",
        "The derivative of what stands in the denominator is missing.",
        _negative(_product(_reciprocal(square))),
    )


def _in_a_power(node: Node, name: str) -> Iterator[Slip]:
    base, exponent = node.children
    if name not in exponent.names():
        inner = derivative(base, name)
        right = derivative(Node("power", "", (Node("name", name), exponent)), name)
        lowered = _put(right, base) if name == "x" else right
        if base != Node("name", name):
            yield Slip(
                "power-inner", "The derivative of what stands in the power is missing.", lowered
            )
        yield Slip(
            "power-kept",
            "The power rule lowers the exponent by one.",
            _product(exponent, node, inner),
        )
        yield Slip(
            "power-factor",
            "The power rule brings the exponent down as a factor.",
            _product(lowered, _reciprocal(exponent), inner),
        )
    elif base == _E:
        if exponent != Node("name", name):
            yield Slip(
                "exponent-inner", "The derivative of the exponent is missing as a factor.", node
            )
        less = Node("sum", "", (exponent, _negative(_ONE)))
        yield Slip(
            "exponential-as-power",
            "The variable stands in the exponent: this is no case for the power rule.",
            _product(exponent, _power(base, less), derivative(exponent, name)),
        )


def _in_a_sum(node: Node, name: str) -> Iterator[Slip]:
    constant = [part for part in node.children if name not in part.names()]
    if constant:
        yield Slip(
            "kept-constant",
            "The derivative of a constant is zero; a constant was kept.",
            _sum(derivative(node, name), *constant),
        )


def _between_cases(node: Node, name: str) -> Iterator[Slip]:
    right = derivative(node, name)
    values = right.children[::2]
    if right.kind != "cases" or len(values) < 2:
        return
    yield Slip(
        "exchanged",
        "The slopes are those of the function, but in the wrong cases.",
        exchanged(right),
    )
    for id, value, where in (
        ("first-case-alone", values[0], "first"),
        ("last-case-alone", values[-1], "last"),
    ):
        yield Slip(
            id,
            f"This is the slope in the {where} case; elsewhere the function has another one.",
            value,
        )


def exchanged(cases: Node) -> Node:
    """Return the cases with their values in the reverse order."""
    pairs = zip(reversed(cases.children[::2]), cases.children[1::2], strict=True)
    return Node("cases", "", tuple(part for pair in pairs for part in pair))
