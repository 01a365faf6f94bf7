"""Working out and collecting: the arithmetic between the rules, on unevaluated lines."""

from __future__ import annotations

from collections.abc import Callable

import sympy

from actgrad.derivations._expression import (
    D,
    Expr,
    add,
    is_reciprocal,
    multiply,
    negate,
    raise_to,
    rebuild,
)


def worked_out(expression: Expr) -> Expr:
    """Return the line with products by 0 and 1, double signs and numbers worked out."""
    return _bottom_up(expression, _work_out)


def collected(expression: Expr) -> Expr:
    """Return the line with one bar for each product, equal factors and equal terms joined."""
    previous = None
    while previous != expression:
        previous, expression = expression, worked_out(_bottom_up(expression, _collect))
    return expression


def _bottom_up(expression: Expr, change: Callable[[Expr], Expr]) -> Expr:
    if not expression.args or isinstance(expression, D):
        return expression
    arguments = tuple(
        _bottom_up(argument, change) if isinstance(argument, sympy.Basic) else argument
        for argument in expression.args
    )
    return change(rebuild(expression, arguments))


def _work_out(expression: Expr) -> Expr:
    if isinstance(expression, sympy.Mul):
        return _worked_out_product(expression)
    if isinstance(expression, sympy.Add):
        return _worked_out_sum(expression)
    if isinstance(expression, sympy.Pow):
        base, exponent = expression.args
        if exponent == 1:
            return base
        if exponent == 0 or base == 1:
            return sympy.Integer(1)
        if base.is_Rational and exponent.is_Integer and abs(exponent) <= 4 and base != 0:
            value = base**exponent
            return value if value.is_Integer else expression
    return expression


def _worked_out_product(expression: Expr) -> Expr:
    number: Expr = sympy.Integer(1)
    factors = []
    for factor in expression.args:
        # A minus inside a factor moves to the front: -(-a) = a, a*(-b) = -a*b.
        if isinstance(factor, sympy.Mul) and factor.args[0].is_Rational:
            first, *rest = factor.args
            if first == -1 or all(not is_reciprocal(part) for part in rest):
                number *= first
                factors.append(multiply(*rest))
                continue
        if factor.is_Rational:
            number *= factor
        else:
            factors.append(factor)
    if number == 0:
        return sympy.Integer(0)
    factors = [
        part
        for factor in factors
        for part in (factor.args if isinstance(factor, sympy.Mul) else (factor,))
        if part != 1
    ]
    return _with_number(number, factors)


def _with_number(number: Expr, factors: list[Expr]) -> Expr:
    """Return number times factors; a fraction's denominator goes below the bar."""
    if not factors:
        return number
    below = [] if number.q == 1 else [sympy.Pow(number.q, -1, evaluate=False)]
    product = [*factors, *below]
    if abs(number.p) != 1:
        product.insert(0, sympy.Integer(abs(number.p)))
    positive = multiply(*product)
    return negate(positive) if number.p < 0 else positive


def _worked_out_sum(expression: Expr) -> Expr:
    number: Expr = sympy.Integer(0)
    place = None
    terms: list[Expr] = []
    for term in expression.args:
        for part in term.args if isinstance(term, sympy.Add) else (term,):
            if part.is_Rational:
                place = len(terms) if place is None and part != 0 else place
                number += part
            else:
                terms.append(part)
    if number != 0:
        terms.insert(place or 0, number)
    # A leading minus reads badly: 1 - a rather than -a + 1.
    if terms and _is_negative(terms[0]):
        positive = next((n for n, term in enumerate(terms) if not _is_negative(term)), 0)
        terms.insert(0, terms.pop(positive))
    return add(*terms) if terms else sympy.Integer(0)


def _is_negative(expression: Expr) -> bool:
    first = expression.args[0] if isinstance(expression, sympy.Mul) else expression
    return bool(first.is_Number and first.is_negative)


def _collect(expression: Expr) -> Expr:
    if isinstance(expression, sympy.Mul):
        return _collected_product(expression)
    if isinstance(expression, sympy.Add):
        return _collected_sum(expression)
    return expression


def _collected_product(expression: Expr) -> Expr:
    """Join equal bases, cancel them across the bar, and put all factors on one bar."""
    number: Expr = sympy.Integer(1)
    exponents: dict[Expr, Expr] = {}
    for factor in expression.args:
        if factor.is_Rational:
            number *= factor
            continue
        base, exponent = factor, sympy.Integer(1)
        if isinstance(factor, sympy.Pow) and factor.exp.is_Rational:
            base, exponent = factor.args
        if base.is_Integer and exponent == -1:
            number /= base
            continue
        exponents[base] = exponents.get(base, 0) + exponent
    above = [raise_to(b, n) if n != 1 else b for b, n in exponents.items() if n > 0]
    below = [raise_to(b, n) for b, n in exponents.items() if n < 0]
    return _with_number(number, above + below)


def _collected_sum(expression: Expr) -> Expr:
    counts: dict[Expr, Expr] = {}
    for term in expression.args:
        if isinstance(term, sympy.Mul) and term.args[0].is_Rational:
            number, rest = term.args[0], multiply(*term.args[1:])
        else:
            number, rest = sympy.Integer(1), term
        counts[rest] = counts.get(rest, 0) + number
    terms = [_with_number(number, [rest]) for rest, number in counts.items() if number != 0]
    return add(*terms) if terms else sympy.Integer(0)
