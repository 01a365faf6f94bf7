"""Working out and collecting: the arithmetic between the rules, on unevaluated lines."""

from __future__ import annotations

from collections.abc import Callable

import sympy

from actgrad.derivations._expression import (
    D,
    Decimal,
    Expr,
    add,
    as_decimal,
    is_reciprocal,
    multiply,
    negate,
    raise_to,
    rebuild,
)


def worked_out(expression: Expr) -> Expr:
    """Return the line with products by 0 and 1, double signs and numbers worked out."""
    previous = None
    while previous != expression:
        previous, expression = expression, _bottom_up(expression, _work_out)
    return expression


def cancelled(expression: Expr) -> Expr:
    """Return the line with the factors gone that stand above and below a bar."""
    return worked_out(_bottom_up(expression, _cancel))


def powers_joined(expression: Expr) -> Expr:
    """Return the line with the exponents added of equal bases where one is a fraction."""
    return worked_out(_bottom_up(expression, _join_powers))


def joined(expression: Expr) -> Expr:
    """Return the line with equal factors as powers and equal terms as multiples."""
    return worked_out(_bottom_up(expression, _join))


def collected(expression: Expr) -> Expr:
    """Return the line with all of this done."""
    previous = None
    while previous != expression:
        previous = expression
        for tidy in (worked_out, cancelled, powers_joined, joined):
            expression = tidy(expression)
    return expression


def on_one_bar(expression: Expr) -> Expr:
    """Return the line with each product in the order of print: number, above, below the bar."""
    return _bottom_up(expression, lambda e: _in_order(e) if _is_product(e) else e)


def _in_order(expression: Expr) -> Expr:
    def place(factor: Expr) -> tuple[bool, bool]:
        number = factor.base if is_reciprocal(factor) else factor
        return is_reciprocal(factor), not (number.is_Integer or isinstance(number, Decimal))

    return multiply(*sorted(expression.args, key=place))


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
        if base == 0 and exponent.is_positive:
            return sympy.Integer(0)
        if base.is_Rational and exponent.is_Integer and abs(exponent) <= 4 and base != 0:
            value = base**exponent
            return value if value.is_Integer else expression
    if isinstance(expression, sympy.exp) and expression.args[0] == 0:
        return sympy.Integer(1)
    return expression


def _worked_out_product(expression: Expr) -> Expr:
    number: Expr = sympy.Integer(1)
    factors = []
    for factor in expression.args:
        # A minus inside a factor moves to the front: -(-a) = a, a*(-b) = -a*b.
        if isinstance(factor, sympy.Mul) and factor.args[0].is_Rational:
            first, *rest = factor.args
            if first == -1 or all(not is_reciprocal(part) for part in rest):
                number = as_decimal(number * first, number, first)
                factors.append(multiply(*rest))
                continue
        if factor.is_Rational:
            number = as_decimal(number * factor, number, factor)
        elif isinstance(factor, sympy.Pow) and factor.base.is_Integer and factor.exp == -1:
            number = as_decimal(number / factor.base, number)
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
    if isinstance(number, Decimal):
        product = [abs(number), *factors]
    else:
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
                number = as_decimal(number + part, number, part)
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


def _cancel(expression: Expr) -> Expr:
    return _with_exponents(expression, _cancelled) if _is_product(expression) else expression


def _join_powers(expression: Expr) -> Expr:
    return _with_exponents(expression, _added) if _is_product(expression) else expression


def _join(expression: Expr) -> Expr:
    if isinstance(expression, sympy.Add):
        return _collected_sum(expression)
    return _with_exponents(expression, _repeated) if _is_product(expression) else expression


def _is_product(expression: Expr) -> bool:
    return isinstance(expression, sympy.Mul)


def _cancelled(exponents: list[Expr]) -> list[Expr]:
    """Take away as much above the bar as below, where all exponents are whole."""
    if all(n.is_Integer for n in exponents) and min(exponents) < 0 < max(exponents):
        total = sum(exponents)
        return [total] if total else []
    return exponents


def _added(exponents: list[Expr]) -> list[Expr]:
    if len(exponents) > 1 and not all(n.is_Integer for n in exponents):
        total = sum(exponents)
        return [total] if total else []
    return exponents


def _repeated(exponents: list[Expr]) -> list[Expr]:
    """Write equal factors as one power, those above the bar and those below."""
    if not all(n.is_Integer for n in exponents):
        return exponents
    both = [sum(n for n in exponents if n > 0), sum(n for n in exponents if n < 0)]
    return [n for n in both if n]


def _with_exponents(expression: Expr, change: Callable[[list[Expr]], list[Expr]]) -> Expr:
    """Return the product, on one bar, with the exponents of each base changed."""
    number: Expr = sympy.Integer(1)
    exponents: dict[Expr, list[Expr]] = {}
    for factor in expression.args:
        if factor.is_Rational:
            number = as_decimal(number * factor, number, factor)
            continue
        base, exponent = factor, sympy.Integer(1)
        if isinstance(factor, sympy.Pow) and factor.exp.is_Rational:
            base, exponent = factor.args
        exponents.setdefault(base, []).append(exponent)
    changed = {base: change(found) for base, found in exponents.items()}
    if changed == exponents:
        return expression
    pairs = [(base, n) for base, found in changed.items() for n in found]
    above = [raise_to(b, n) if n != 1 else b for b, n in pairs if n > 0]
    below = [raise_to(b, n) for b, n in pairs if n < 0]
    return _with_number(number, above + below)


def _collected_sum(expression: Expr) -> Expr:
    counts: dict[Expr, Expr] = {}
    for term in expression.args:
        if isinstance(term, sympy.Mul) and term.args[0].is_Rational:
            number, rest = term.args[0], multiply(*term.args[1:])
        else:
            number, rest = sympy.Integer(1), term
        before = counts.get(rest, sympy.Integer(0))
        counts[rest] = as_decimal(before + number, before, number)
    terms = [_with_number(number, [rest]) for rest, number in counts.items() if number != 0]
    return add(*terms) if terms else sympy.Integer(0)
