"""Expressions as a teacher writes them: nothing is evaluated, the order stays.

SymPy evaluates what it builds: ``Mul(0, x)`` is 0 and ``Derivative(1, x)`` is 0, which is the
answer and not the line on the blackboard. The builders here keep the line.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.functions.elementary.miscellaneous import MinMaxBase

# SymPy carries no types: this alias is the one place where that shows.
Expr = Any
Definitions = tuple[tuple[Expr, Expr], ...]


class D(sympy.Expr):  # type: ignore[misc]
    """The derivative of `args[0]` with respect to `args[1]`, not carried out.

    SymPy's own ``Derivative`` carries out the derivative of a constant at once.
    """

    def __new__(cls, expression: Expr, variable: Expr) -> Any:
        return super().__new__(cls, sympy.sympify(expression), sympy.sympify(variable))

    @property
    def expression(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Expr:
        return self.args[1]


class Decimal(sympy.Rational):  # type: ignore[misc]
    """A number written with a point: equal to its fraction, shown as a decimal.

    SymPy's own arithmetic returns fractions; `as_decimal` gives a result its point back.
    """

    __slots__ = ()

    def __new__(cls, p: int, q: int) -> Any:
        number = sympy.Expr.__new__(cls)
        number.p, number.q = p, q
        return number

    def __hash__(self) -> int:
        return hash(sympy.Rational(self.p, self.q))

    def __neg__(self) -> Any:
        return Decimal(-self.p, self.q)

    def __abs__(self) -> Any:
        return Decimal(abs(self.p), self.q)

    def __str__(self) -> str:
        # More digits than a text may have, so that the quotient is exact.
        with decimal.localcontext(prec=1000):
            return f"{decimal.Decimal(self.p) / self.q}".lower()


def as_decimal(number: Expr, *sources: Expr) -> Expr:
    """Return a number with a point if a source has one and its digits end."""
    rest = number.q
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if number.q == 1 or rest != 1 or not any(isinstance(s, Decimal) for s in sources):
        return number
    return Decimal(number.p, number.q)


class At(sympy.Expr):  # type: ignore[misc]
    """The value of `args[0]` where the variable `args[1]` is `args[2]`."""

    def __new__(cls, expression: Expr, variable: Expr, place: Expr) -> Any:
        return super().__new__(cls, *map(sympy.sympify, (expression, variable, place)))


class IndexSum(sympy.Expr):  # type: ignore[misc]
    """The sum over an index from 1 to a size: (term, j, n), or over all but one: (..., k).

    SymPy's own ``Sum`` joins nested sums into one.
    """

    def __new__(cls, term: Expr, index: Expr, size: Expr, *excepted: Expr) -> Any:
        return super().__new__(cls, *map(sympy.sympify, (term, index, size, *excepted)))

    @property
    def has_gap(self) -> bool:
        """Whether one index is left out."""
        return len(self.args) > 3

    @property
    def free_symbols(self) -> set[Expr]:
        term, index, *others = self.args
        found: set[Expr] = set(term.free_symbols) - {index}
        return found.union(*(other.free_symbols for other in others))

    def _eval_derivative(self, variable: Expr) -> Expr:
        term, *over = self.args
        return IndexSum(sympy.diff(term, variable), *over)


class Marked(sympy.Expr):  # type: ignore[misc]
    """A part of an expression that a printer shows in colour."""

    def __new__(cls, expression: Expr) -> Any:
        return super().__new__(cls, expression)


def add(*terms: Expr) -> Expr:
    """Return the sum of the terms, unevaluated, in the order given."""
    terms = tuple(map(sympy.sympify, terms))
    return terms[0] if len(terms) == 1 else sympy.Add(*terms, evaluate=False)


def multiply(*factors: Expr) -> Expr:
    """Return the product of the factors, unevaluated, in the order given."""
    factors = tuple(map(sympy.sympify, factors))
    return factors[0] if len(factors) == 1 else sympy.Mul(*factors, evaluate=False)


def negate(expression: Expr) -> Expr:
    """Return -expression; a number takes the sign in, -(-x) stays as it is."""
    expression = sympy.sympify(expression)
    if expression.is_Number:
        return -expression
    if isinstance(expression, sympy.Mul) and not _is_negative(expression.args[0]):
        first, *rest = expression.args
        if first.is_Number and first not in (1, 0):
            return multiply(-first, *rest)
        return multiply(-1, *expression.args)
    return multiply(-1, expression)


def _is_negative(expression: Expr) -> bool:
    return bool(expression.is_Number and expression.is_negative)


def raise_to(base: Expr, exponent: Expr) -> Expr:
    """Return base^exponent, unevaluated; a power of e is ``exp``."""
    base, exponent = sympy.sympify(base), sympy.sympify(exponent)
    if base is sympy.E:
        return sympy.exp(exponent, evaluate=False)
    return sympy.Pow(base, exponent, evaluate=False)


def reciprocal(expression: Expr) -> Expr:
    """Return 1/expression, unevaluated; 1/b^n is kept as one power."""
    expression = sympy.sympify(expression)
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return sympy.Pow(expression.base, -expression.exp, evaluate=False)
    return sympy.Pow(expression, -1, evaluate=False)


def divide(numerator: Expr, denominator: Expr) -> Expr:
    """Return numerator/denominator, unevaluated."""
    numerator = sympy.sympify(numerator)
    if numerator == 1:
        return reciprocal(denominator)
    if isinstance(numerator, sympy.Mul):
        return multiply(*numerator.args, reciprocal(denominator))
    return multiply(numerator, reciprocal(denominator))


def is_reciprocal(expression: Expr) -> bool:
    """Tell whether the expression is a power with a negative number above: it goes below."""
    return (
        isinstance(expression, sympy.Pow)
        and not isinstance(expression, sympy.exp)
        and bool(expression.exp.is_Number and expression.exp.is_negative)
    )


def bars(expression: Expr) -> list[tuple[tuple[Expr, ...], tuple[Expr, ...]]]:
    """Return the fractions that a product shows: factors above and below each bar.

    ``a*b/c`` is one bar, ``a/b*c`` a fraction times c: a factor that follows a reciprocal
    starts a new one.
    """
    factors = expression.args if isinstance(expression, sympy.Mul) else (expression,)
    groups: list[tuple[list[Expr], list[Expr]]] = []
    for factor in factors:
        if is_reciprocal(factor):
            if not groups:
                groups.append(([], []))
            exponent = -factor.exp
            groups[-1][1].append(
                factor.base
                if exponent == 1
                else sympy.Pow(factor.base, exponent, evaluate=False)
            )
        else:
            if not groups or groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].append(factor)
    return [(tuple(above), tuple(below)) for above, below in groups]


def numerator_and_denominator(expression: Expr) -> tuple[Expr, Expr]:
    """Return what stands above and below, as it is written; all bars taken together."""
    above = [factor for group, _ in bars(expression) for factor in group]
    below = [factor for _, group in bars(expression) for factor in group]
    return (
        multiply(*above) if above else sympy.Integer(1),
        multiply(*below) if below else sympy.Integer(1),
    )


def is_sum(e: Expr) -> bool:
    """Tell whether the expression is a sum of terms, or over an index."""
    return isinstance(e, (sympy.Add, IndexSum))


def flat_factors(e: Expr) -> list[Expr]:
    """Return the factors of a product, those of products inside it too."""
    if isinstance(e, sympy.Mul):
        return [factor for part in e.args for factor in flat_factors(part)]
    return [e]


def flat_terms(e: Expr) -> list[Expr]:
    """Return the terms of a sum, those of sums inside it too."""
    if isinstance(e, sympy.Add):
        return [term for part in e.args for term in flat_terms(part)]
    return [e]


def rebuild(expression: Expr, arguments: tuple[Expr, ...]) -> Expr:
    """Return the expression with other arguments, unevaluated."""
    if arguments == expression.args and all(
        new is old for new, old in zip(arguments, expression.args, strict=True)
    ):
        return expression
    if isinstance(expression, (sympy.Add, sympy.Mul, sympy.Pow, sympy.Function, MinMaxBase)):
        return expression.func(*arguments, evaluate=False)
    if isinstance(expression, Relational):
        return expression.func(*arguments, evaluate=False)
    return expression.func(*arguments)


def walk(expression: Expr) -> Iterator[Expr]:
    """Yield the expression and all its parts, outermost first, left to right."""
    yield expression
    for argument in expression.args:
        yield from walk(argument)


def size(expression: Expr) -> int:
    """Return the number of nodes of the expression."""
    return sum(1 for _ in walk(expression))


def contains(expression: Expr, *kinds: type) -> bool:
    """Tell whether a part of the expression is of one of these kinds."""
    return any(isinstance(part, kinds) for part in walk(expression))


def at(expression: Expr, path: tuple[int, ...]) -> Expr:
    """Return the part of the expression at a path of argument positions."""
    for position in path:
        expression = expression.args[position]
    return expression


def replace_at(expression: Expr, path: tuple[int, ...], part: Expr) -> Expr:
    """Return the expression with the part at `path` replaced; all else stays as written."""
    if not path:
        return part
    position, *rest = path
    arguments = list(expression.args)
    arguments[position] = replace_at(arguments[position], tuple(rest), part)
    return rebuild(expression, tuple(arguments))


def graft_at(expression: Expr, path: tuple[int, ...], part: Expr) -> Expr:
    """Replace the part at `path`; a product among factors or a sum among terms joins them."""
    if not path or not isinstance(part, (sympy.Add, sympy.Mul)):
        return replace_at(expression, path, part)
    parent, place = at(expression, path[:-1]), path[-1]
    # A minus between factors needs its brackets: a*(-b).
    bracketed = isinstance(part, sympy.Mul) and place > 0 and _is_negative(part.args[0])
    if parent.func != part.func or bracketed:
        return replace_at(expression, path, part)
    joined = rebuild(parent, parent.args[:place] + part.args + parent.args[place + 1 :])
    return replace_at(expression, path[:-1], joined)


def find(
    expression: Expr, accepts: Callable[[Expr], bool], path: tuple[int, ...] = ()
) -> Iterator[tuple[int, ...]]:
    """Yield the paths of the parts that are accepted, outermost first, left to right."""
    if accepts(expression):
        yield path
    for position, argument in enumerate(expression.args):
        yield from find(argument, accepts, (*path, position))


def replace_all(expression: Expr, old: Expr, new: Expr) -> Expr:
    """Return the expression with every part equal to `old` replaced, all else as written."""
    if expression == old:
        return new
    if not expression.args:
        return expression
    arguments = tuple(replace_all(argument, old, new) for argument in expression.args)
    return rebuild(expression, arguments)


def matches(term: Expr, expression: Expr) -> bool:
    """Tell whether a definition's left side names this expression: same head, any argument."""
    if isinstance(term, sympy.Function):
        return isinstance(expression, sympy.Function) and expression.func == term.func
    if isinstance(term, sympy.Indexed):
        return isinstance(expression, sympy.Indexed) and expression.base == term.base
    return bool(term == expression)


def instance(term: Expr, value: Expr, expression: Expr) -> Expr:
    """Return a definition's right side for the arguments that `expression` has."""
    if isinstance(term, sympy.Function):
        pairs = zip(term.args, expression.args, strict=True)
    elif isinstance(term, sympy.Indexed):
        pairs = zip(term.indices, expression.indices, strict=True)
    else:
        return value
    for old, new in pairs:
        # The bound index of a sum must not catch the argument that comes in.
        if old != new:
            value = _rename_bound(value, new)
            value = replace_all(value, old, new)
    return value


def _rename_bound(expression: Expr, incoming: Expr) -> Expr:
    if not expression.args:
        return expression
    arguments = tuple(_rename_bound(argument, incoming) for argument in expression.args)
    expression = rebuild(expression, arguments)
    if isinstance(expression, IndexSum):
        index = expression.args[1]
        if index in incoming.free_symbols:
            expression = replace_all(
                expression, index, sympy.Dummy(index.name, **index.assumptions0)
            )
    return expression


def undefine(expression: Expr, definitions: Definitions) -> Expr:
    """Return the expression with every defined name replaced by what it stands for.

    Inside a derivative with respect to a defined name that name is the variable: the
    derivative is taken first, and then at the place that the name stands for.
    """
    for term, value in definitions:
        if matches(term, expression):
            return undefine(instance(term, value, expression), definitions)
    if isinstance(expression, D) and not isinstance(expression.variable, sympy.Indexed):
        inner = tuple(pair for pair in definitions if pair[0] != expression.variable)
        derivative = D(undefine(expression.expression, inner), expression.variable)
        place = undefine(expression.variable, definitions)
        unmoved = place == expression.variable
        return derivative if unmoved else At(derivative, expression.variable, place)
    if not expression.args:
        return expression
    arguments = tuple(undefine(argument, definitions) for argument in expression.args)
    return rebuild(expression, arguments)
