"""The rules, one object each: the textbook's name, the statement, one sentence, the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._expression import (
    D,
    Definitions,
    Expr,
    IndexSum,
    SumExcept,
    is_reciprocal,
    matches,
    size,
    undefine,
    walk,
)
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import latex
from actgrad.derivations._prove import unknown_function

STEWART = "Stewart, Calculus: Early Transcendentals, 8th ed."
ALGEBRA = "Spivak, Calculus, 4th ed., chapter 1"


class RuleDoesNotApply(ValueError):
    """A rule was used where it does not apply."""


Check = Callable[[Expr, Expr, Definitions], bool]


@dataclass(frozen=True)
class Rule:
    """One rule of calculus or algebra.

    Parameters
    ----------
    name
        What a textbook calls it.
    statement
        The rule as a formula, in the notation of `parse`: ``left = right``. The tests prove it.
    sentence
        What it says, in one sentence.
    source
        Where it is proved.
    check
        Tells of a line, the next line and the definitions whether this rule leads from the one
        to the other; that the two are *equal* is the prover's business.
    """

    name: str
    statement: str
    sentence: str
    source: str
    check: Check = field(repr=False, compare=False)

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """The two sides of the statement as expressions."""
        left, right = self.statement.split(" = ")
        return parse(left, NOTATION), parse(right, NOTATION)

    @property
    def formula(self) -> str:
        """The statement in LaTeX."""
        left, right = map(latex, self.sides)
        return f"{left} = {right}"

    def require(self, before: Expr, after: Expr, definitions: Definitions = ()) -> None:
        """Raise `RuleDoesNotApply` unless this rule leads from one line to the next."""
        if not self.check(before, after, definitions):
            raise RuleDoesNotApply(f"the {self.name} does not lead from {before} to {after}")


# The letters that statements use; the prover takes u, v, f for any smooth functions.
_x = sympy.Symbol("x", real=True)
_i, _j, _k, _n = sympy.symbols("i j k n", integer=True, positive=True)
NOTATION: dict[str, Expr] = {
    **{name: unknown_function(name) for name in ("f", "f'", "u", "v", "u'", "v'")},
    **{"i": _i, "j": _j, "k": _k, "n": _n},
    "a": sympy.Symbol("a", positive=True),
    "b": sympy.Symbol("b", positive=True),
    "z": sympy.IndexedBase("z", real=True),
}


def _derivatives(expression: Expr) -> Counter[Expr]:
    return Counter(part for part in walk(expression) if isinstance(part, D))


def depends(expression: Expr, variable: Expr, definitions: Definitions = ()) -> bool:
    """Tell whether an expression depends on a variable, defined names seen through."""
    whole = undefine(expression, definitions)
    if isinstance(variable, sympy.Indexed):
        return any(
            isinstance(part, sympy.Indexed) and part.base == variable.base
            for part in walk(whole)
        )
    return variable in whole.free_symbols or variable in expression.free_symbols


def calculus(accepts: Callable[[Expr, Expr, Definitions], bool]) -> Check:
    """Return the check of a calculus rule: it uses up a derivative that it accepts."""

    def check(before: Expr, after: Expr, definitions: Definitions) -> bool:
        used = _derivatives(before) - _derivatives(after)
        return any(accepts(d.expression, d.variable, definitions) for d in used)

    return check


def algebra(accepts: Callable[[Expr, Expr], bool]) -> Check:
    """Return the check of an algebra rule: no derivative is carried out, the shapes fit."""

    def check(before: Expr, after: Expr, definitions: Definitions) -> bool:
        outermost_before = set(_derivatives(before))
        if not set(_derivatives(after)) <= outermost_before and not _same_inside(before, after):
            return False
        if set(outermost_before) - set(_derivatives(after)) and not _same_inside(before, after):
            return False
        return accepts(*changed_part(before, after))

    return check


def _same_inside(before: Expr, after: Expr) -> bool:
    """Tell whether as many derivatives stand in both lines: what is inside was rewritten."""
    return sum(_derivatives(before).values()) == sum(_derivatives(after).values())


def changed_part(before: Expr, after: Expr) -> tuple[Expr, Expr]:
    """Return the smallest parts at the same place that contain the whole change."""
    while before.func == after.func and len(before.args) == len(after.args):
        pairs = [(a, b) for a, b in zip(before.args, after.args, strict=True) if a != b]
        if len(pairs) != 1:
            break
        before, after = pairs[0]
    return before, after


def _count(expression: Expr, accepts: Callable[[Expr], bool]) -> int:
    return sum(1 for part in walk(expression) if accepts(part))


def _bars(expression: Expr) -> int:
    return _count(expression, is_reciprocal)


def _names_defined(expression: Expr, definitions: Definitions) -> Counter[Expr]:
    return Counter(
        part for part in walk(expression) if any(matches(name, part) for name, _ in definitions)
    )


# Calculus


def _is_function(*heads: type) -> Callable[[Expr, Expr, Definitions], bool]:
    return lambda inner, variable, definitions: isinstance(inner, heads)


def _is_constant(inner: Expr, variable: Expr, definitions: Definitions) -> bool:
    return not depends(inner, variable, definitions)


def _is_quotient(inner: Expr, variable: Expr, definitions: Definitions) -> bool:
    return is_reciprocal(inner) or (
        isinstance(inner, sympy.Mul) and any(map(is_reciprocal, inner.args))
    )


def _has_constant_factor(inner: Expr, variable: Expr, definitions: Definitions) -> bool:
    return isinstance(inner, sympy.Mul) and any(
        not depends(factor, variable, definitions) for factor in inner.args
    )


def _is_composite(inner: Expr, variable: Expr, definitions: Definitions) -> bool:
    """Tell whether something other than the variable stands inside the outermost function."""
    inner = undefine(inner, definitions)
    if isinstance(inner, (sympy.Add, sympy.Mul)):
        return any(_is_composite(part, variable, definitions) for part in inner.args)
    return any(
        argument != variable and depends(argument, variable, definitions)
        for argument in inner.args
    ) or (inner != variable and not inner.args)


def _is_power(inner: Expr, variable: Expr, definitions: Definitions) -> bool:
    return isinstance(inner, sympy.Pow) and not depends(inner.exp, variable, definitions)


CONSTANT = Rule(
    "constant rule",
    "D(a, x) = 0",
    "The derivative of a constant is 0.",
    STEWART + ", section 3.1",
    calculus(_is_constant),
)
IDENTITY = Rule(
    "identity rule",
    "D(x, x) = 1",
    "The derivative of the variable itself is 1.",
    STEWART + ", section 3.1",
    calculus(lambda inner, variable, definitions: inner == variable),
)
SUM = Rule(
    "sum rule",
    "D(u(x) + v(x), x) = D(u(x), x) + D(v(x), x)",
    "The derivative of a sum is the sum of the derivatives.",
    STEWART + ", section 3.1",
    calculus(_is_function(sympy.Add, IndexSum)),
)
CONSTANT_MULTIPLE = Rule(
    "constant multiple rule",
    "D(a*u(x), x) = a*D(u(x), x)",
    "A constant factor stays in front of the derivative.",
    STEWART + ", section 3.1",
    calculus(_has_constant_factor),
)
PRODUCT = Rule(
    "product rule",
    "D(u(x)*v(x), x) = D(u(x), x)*v(x) + u(x)*D(v(x), x)",
    "Differentiate one factor at a time, keep the others, and add.",
    STEWART + ", section 3.2",
    calculus(_is_function(sympy.Mul)),
)
QUOTIENT = Rule(
    "quotient rule",
    "D(u(x)/v(x), x) = (v(x)*D(u(x), x) - u(x)*D(v(x), x))/v(x)^2",
    "Denominator times derivative of the numerator, minus numerator times derivative of the "
    "denominator, over the denominator squared.",
    STEWART + ", section 3.2",
    calculus(_is_quotient),
)
RECIPROCAL = Rule(
    "reciprocal rule",
    "D(1/v(x), x) = -1/v(x)^2*D(v(x), x)",
    "The derivative of 1/v is minus the derivative of v over v squared.",
    STEWART + ", section 3.2",
    calculus(lambda inner, variable, definitions: is_reciprocal(inner)),
)
POWER = Rule(
    "power rule",
    "D(x^a, x) = a*x^(a - 1)",
    "The exponent comes down as a factor, and the power is one less.",
    STEWART + ", section 3.1",
    calculus(_is_power),
)
EXPONENTIAL = Rule(
    "exponential rule",
    "D(e^x, x) = e^x",
    "The exponential function is its own derivative.",
    STEWART + ", section 3.1",
    calculus(_is_function(sympy.exp)),
)
LOGARITHM = Rule(
    "logarithm rule",
    "D(log(x), x) = 1/x",
    "The derivative of the natural logarithm is the reciprocal.",
    STEWART + ", section 3.6",
    calculus(_is_function(sympy.log)),
)
EXPONENTIAL_OF_A_BASE = Rule(
    "exponential rule for a base",
    "D(a^x, x) = a^x*log(a)",
    "A power with the variable above is its own derivative, times the logarithm of the base.",
    STEWART + ", section 3.4",
    calculus(lambda inner, variable, definitions: isinstance(inner, sympy.Pow)),
)
CHAIN = Rule(
    "chain rule",
    "D(f(u(x)), x) = f'(u(x))*D(u(x), x)",
    "The derivative of the outer function at the inner one, times the derivative of the inner.",
    STEWART + ", section 3.4",
    calculus(_is_composite),
)


def _function_rule(
    name: str, head: type, statement: str, sentence: str, section: str = "3.11"
) -> Rule:
    place = section if " " in section else f"{STEWART}, section {section}"
    return Rule(name, statement, sentence, place, calculus(_is_function(head)))


# The derivative of an elementary function is read off the statement of its rule.
FUNCTION_RULES: dict[type, Rule] = {
    sympy.exp: EXPONENTIAL,
    sympy.log: LOGARITHM,
}
FUNCTION_RULES[sympy.sin] = SINE = _function_rule(
    "sine rule",
    sympy.sin,
    "D(sin(x), x) = cos(x)",
    "The derivative of the sine is the cosine.",
    "3.3",
)
FUNCTION_RULES[sympy.cos] = COSINE = _function_rule(
    "cosine rule",
    sympy.cos,
    "D(cos(x), x) = -sin(x)",
    "The derivative of the cosine is minus the sine.",
    "3.3",
)
FUNCTION_RULES[sympy.tan] = TANGENT = _function_rule(
    "tangent rule",
    sympy.tan,
    "D(tan(x), x) = 1 + tan(x)^2",
    "The derivative of the tangent is 1 plus its square.",
    "3.3",
)
FUNCTION_RULES[sympy.sec] = SECANT = _function_rule(
    "secant rule",
    sympy.sec,
    "D(sec(x), x) = sec(x)*tan(x)",
    "The derivative of the secant is the secant times the tangent.",
    "3.3",
)
FUNCTION_RULES[sympy.csc] = COSECANT = _function_rule(
    "cosecant rule",
    sympy.csc,
    "D(csc(x), x) = -csc(x)*cot(x)",
    "The derivative of the cosecant is minus the cosecant times the cotangent.",
    "3.3",
)
FUNCTION_RULES[sympy.cot] = COTANGENT = _function_rule(
    "cotangent rule",
    sympy.cot,
    "D(cot(x), x) = -(1 + cot(x)^2)",
    "The derivative of the cotangent is minus 1 minus its square.",
    "3.3",
)
FUNCTION_RULES[sympy.asin] = INVERSE_SINE = _function_rule(
    "inverse sine rule",
    sympy.asin,
    "D(asin(x), x) = 1/sqrt(1 - x^2)",
    "The derivative of the inverse sine is 1 over the root of 1 minus the square.",
    "3.5",
)
FUNCTION_RULES[sympy.acos] = INVERSE_COSINE = _function_rule(
    "inverse cosine rule",
    sympy.acos,
    "D(acos(x), x) = -1/sqrt(1 - x^2)",
    "The derivative of the inverse cosine is minus that of the inverse sine.",
    "3.5",
)
FUNCTION_RULES[sympy.atan] = INVERSE_TANGENT = _function_rule(
    "inverse tangent rule",
    sympy.atan,
    "D(atan(x), x) = 1/(1 + x^2)",
    "The derivative of the inverse tangent is 1 over 1 plus the square of the variable.",
    "3.5",
)
FUNCTION_RULES[sympy.sinh] = HYPERBOLIC_SINE = _function_rule(
    "hyperbolic sine rule",
    sympy.sinh,
    "D(sinh(x), x) = cosh(x)",
    "The derivative of the hyperbolic sine is the hyperbolic cosine.",
    "3.11",
)
FUNCTION_RULES[sympy.cosh] = HYPERBOLIC_COSINE = _function_rule(
    "hyperbolic cosine rule",
    sympy.cosh,
    "D(cosh(x), x) = sinh(x)",
    "The derivative of the hyperbolic cosine is the hyperbolic sine, without a minus.",
    "3.11",
)
FUNCTION_RULES[sympy.tanh] = HYPERBOLIC_TANGENT = _function_rule(
    "hyperbolic tangent rule",
    sympy.tanh,
    "D(tanh(x), x) = 1 - tanh(x)^2",
    "The derivative of the hyperbolic tangent is 1 minus its square.",
    "3.11",
)
FUNCTION_RULES[sympy.sech] = HYPERBOLIC_SECANT = _function_rule(
    "hyperbolic secant rule",
    sympy.sech,
    "D(sech(x), x) = -sech(x)*tanh(x)",
    "The derivative of the hyperbolic secant is minus itself times the hyperbolic tangent.",
    "3.11",
)
FUNCTION_RULES[sympy.csch] = HYPERBOLIC_COSECANT = _function_rule(
    "hyperbolic cosecant rule",
    sympy.csch,
    "D(csch(x), x) = -csch(x)*coth(x)",
    "The derivative of the hyperbolic cosecant is minus itself times the hyperbolic cotangent.",
    "3.11",
)
FUNCTION_RULES[sympy.coth] = HYPERBOLIC_COTANGENT = _function_rule(
    "hyperbolic cotangent rule",
    sympy.coth,
    "D(coth(x), x) = 1 - coth(x)^2",
    "The derivative of the hyperbolic cotangent is 1 minus its square.",
    "3.11",
)
FUNCTION_RULES[sympy.asinh] = INVERSE_HYPERBOLIC_SINE = _function_rule(
    "inverse hyperbolic sine rule",
    sympy.asinh,
    "D(asinh(x), x) = 1/sqrt(x^2 + 1)",
    "The derivative of the inverse hyperbolic sine is 1 over the root of the square plus 1.",
    "3.11",
)
FUNCTION_RULES[sympy.acosh] = INVERSE_HYPERBOLIC_COSINE = _function_rule(
    "inverse hyperbolic cosine rule",
    sympy.acosh,
    "D(acosh(x), x) = 1/(sqrt(x - 1)*sqrt(x + 1))",
    "The derivative of the inverse hyperbolic cosine is 1 over the root of the square minus 1.",
    "3.11",
)
FUNCTION_RULES[sympy.atanh] = INVERSE_HYPERBOLIC_TANGENT = _function_rule(
    "inverse hyperbolic tangent rule",
    sympy.atanh,
    "D(atanh(x), x) = 1/(1 - x^2)",
    "The derivative of the inverse hyperbolic tangent is 1 over 1 minus the square.",
    "3.11",
)
FUNCTION_RULES[sympy.erf] = ERROR_FUNCTION = _function_rule(
    "error function rule",
    sympy.erf,
    "D(erf(x), x) = 2/sqrt(pi)*e^(-x^2)",
    "The error function is an integral; its derivative is what stands under the integral.",
    "NIST Digital Library of Mathematical Functions, 7.2.1",
)
FUNCTION_RULES[sympy.erfc] = COMPLEMENTARY_ERROR_FUNCTION = _function_rule(
    "complementary error function rule",
    sympy.erfc,
    "D(erfc(x), x) = -2/sqrt(pi)*e^(-x^2)",
    "The complement is 1 minus the error function: its derivative has the other sign.",
    "NIST Digital Library of Mathematical Functions, 7.2.2",
)
FUNCTION_RULES[sympy.Abs] = ABSOLUTE_VALUE = _function_rule(
    "absolute value rule",
    sympy.Abs,
    "D(abs(x), x) = Piecewise((1, x > 0), (-1, x < 0))",
    "The slope of the absolute value is the sign; at 0 there is a kink and no derivative.",
    "2.8",
)
FUNCTION_RULES[sympy.sign] = SIGN = _function_rule(
    "sign rule",
    sympy.sign,
    "D(sign(x), x) = Piecewise((0, x > 0), (0, x < 0))",
    "The sign is constant on either side of 0, where it jumps and has no derivative.",
    "2.8",
)
CASES = Rule(
    "derivative case by case",
    "D(Piecewise((u(x), x > 0), (v(x), x < 0)), x) = "
    "Piecewise((D(u(x), x), x > 0), (D(v(x), x), x < 0))",
    "Inside each open case the function is one formula: differentiate it there; where the "
    "cases meet, compare the slopes from both sides.",
    STEWART + ", section 2.8",
    calculus(_is_function(sympy.Piecewise, MinMaxBase, sympy.Abs)),
)
KNOWN = Rule(
    "known derivative",
    "D(tanh(x), x) = 1 - tanh(x)^2",
    "This derivative has a derivation of its own; its result is used.",
    "the derivation itself",
    calculus(lambda inner, variable, definitions: True),
)
PARTS = Rule(
    "put the parts in",
    "D(u(x) + v(x), x) = D(u(x), x) + D(v(x), x)",
    "The derivatives of the parts have been worked out on the side.",
    "the derivations of the parts",
    calculus(lambda inner, variable, definitions: True),
)
PARTIAL = Rule(
    "partial derivative of a coordinate",
    "D(z[i], z[k]) = delta(i, k)",
    "Coordinates are independent: the derivative of one by another is 1 if they are the same "
    "and 0 if not.",
    "Magnus and Neudecker, Matrix Differential Calculus, chapter 5",
    calculus(lambda inner, variable, definitions: isinstance(inner, sympy.Indexed)),
)


# Algebra


def _adds_nothing(before: Expr, after: Expr) -> bool:
    def terms(expression: Expr) -> Counter[Expr]:
        if isinstance(expression, sympy.Add):
            return Counter(expression.args)
        return Counter([expression])

    added = terms(after) - terms(before)
    gone = terms(before) - terms(after)
    return not gone and bool(added) and sympy.expand(sympy.Add(*added.elements())) == 0


def _adds_nothing_somewhere(before: Expr, after: Expr) -> bool:
    return any(
        _adds_nothing(old, new)
        for new in walk(after)
        if isinstance(new, sympy.Add)
        for old in walk(before)
    )


def _is_sum(expression: Expr) -> bool:
    return isinstance(expression, (sympy.Add, IndexSum, SumExcept))


ADD_AND_SUBTRACT = Rule(
    "add and subtract the same thing",
    "u(x) = u(x) + a - a",
    "Adding and subtracting the same thing changes nothing but the form.",
    ALGEBRA,
    algebra(_adds_nothing_somewhere),
)
SPLIT_FRACTION = Rule(
    "split the fraction",
    "(u(x) + v(x))/a = u(x)/a + v(x)/a",
    "A fraction whose numerator is a sum is the sum of the fractions.",
    ALGEBRA,
    algebra(lambda before, after: not _is_sum(before) and _bars(after) > _bars(before)),
)
SPLIT_PRODUCT = Rule(
    "write as a product of fractions",
    "(u(x)*v(x))/(a*b) = (u(x)/a)*(v(x)/b)",
    "Factors above and below the bar are shared out between two fractions.",
    ALGEBRA,
    algebra(lambda before, after: _bars(after) > _bars(before) > 0),
)
CANCEL = Rule(
    "cancel a common factor",
    "(a*u(x))/(a*b) = u(x)/b",
    "A factor that stands above and below the bar cancels.",
    ALGEBRA,
    algebra(lambda before, after: _bars(before) > 0 and size(after) < size(before)),
)
FACTOR_OUT = Rule(
    "factor out",
    "a*u(x) - a*v(x) = a*(u(x) - v(x))",
    "A factor that all terms share is taken out of the sum.",
    ALGEBRA,
    algebra(
        lambda before, after: _count(before, _is_sum) > 0 and not isinstance(after, sympy.Add)
    ),
)
EXPAND = Rule(
    "expand",
    "a*(u(x) + v(x)) = a*u(x) + a*v(x)",
    "Multiply every term in the brackets.",
    ALGEBRA,
    algebra(lambda before, after: _count(before, _is_sum) > 0),
)
COLLECT = Rule(
    "collect",
    "u(x)*u(x) = u(x)^2",
    "Equal factors are written as a power, equal terms as a multiple.",
    ALGEBRA,
    algebra(lambda before, after: True),
)
ARITHMETIC = Rule(
    "work out",
    "0*u(x) - 1*(-v(x)) = v(x)",
    "Products with 0 and 1, double signs and sums of numbers are worked out.",
    ALGEBRA,
    algebra(lambda before, after: _count(after, _is_letter) <= _count(before, _is_letter)),
)
CASE_PRODUCT = Rule(
    "multiply case by case",
    "a*Piecewise((u(x), x > 0), (v(x), x < 0)) = Piecewise((a*u(x), x > 0), (a*v(x), x < 0))",
    "A factor in front of a case distinction goes into every case.",
    ALGEBRA,
    algebra(lambda before, after: isinstance(after, sympy.Piecewise)),
)
IDENTITY_OF_SQUARES = Rule(
    "difference of two squares",
    "4*a*b = (a + b)^2 - (a - b)^2",
    "The squares of a sum and of a difference differ by four times the product.",
    ALGEBRA,
    algebra(lambda before, after: _count(after, _is_square) > _count(before, _is_square)),
)
NESTED_EXTREMA = Rule(
    "join nested maxima",
    "max(max(u(x), a), b) = max(u(x), a, b)",
    "The maximum of a maximum and a number is the maximum of all three; so for minima.",
    ALGEBRA,
    algebra(lambda before, after: _count(before, _is_extremum) > 0),
)
COMMON_DENOMINATOR = Rule(
    "common denominator",
    "u(x)/a + v(x)/b = (b*u(x) + a*v(x))/(a*b)",
    "Fractions with the same denominator are added above the bar.",
    ALGEBRA,
    algebra(lambda before, after: _is_sum(before) and _bars(after) > 0),
)
MULTIPLY_BOTH = Rule(
    "multiply numerator and denominator",
    "u(x)/b = (a*u(x))/(a*b)",
    "A fraction keeps its value when numerator and denominator get the same factor.",
    ALGEBRA,
    algebra(lambda before, after: _bars(before) > 0 and _bars(after) > 0),
)
POWERS = Rule(
    "rules of exponents",
    "e^(u(x) + v(x)) = e^u(x)*e^v(x)",
    "Exponents add where powers are multiplied, and a power is taken factor by factor.",
    ALGEBRA,
    algebra(lambda before, after: _count(before, _has_exponent) > 0),
)
POWER_AS_EXPONENTIAL = Rule(
    "write the power as an exponential",
    "x^u(x) = e^(u(x)*log(x))",
    "Where base and exponent both vary, e and the logarithm make one function of one exponent.",
    STEWART + ", section 3.6",
    lambda before, after, definitions: bool(
        _count(after, _is_exponential) > _count(before, _is_exponential)
    ),
)
IDENTITY_OF_FUNCTIONS = Rule(
    "identity between functions",
    "cosh(x)^2 - sinh(x)^2 = 1",
    "A known identity between elementary functions.",
    "NIST Digital Library of Mathematical Functions, 4.35",
    algebra(lambda before, after: _count(before, _is_function_call) > 0),
)
SPLIT_SUM = Rule(
    "split the sum at one index",
    "sum(z[j], j, 1, n) = z[k] + sum(z[j], j, 1, n, k)",
    "One term is taken out of the sum, the others stay.",
    ALGEBRA,
    algebra(
        lambda before, after: (
            _count(before, lambda part: isinstance(part, SumExcept))
            != _count(after, lambda part: isinstance(part, SumExcept))
        )
    ),
)
SIFTING = Rule(
    "sifting with the Kronecker delta",
    "sum(z[j]*delta(j, k), j, 1, n) = z[k]",
    "In a sum the delta leaves one term: the one where its two indices are equal.",
    "Kolecki, An Introduction to Tensors, NASA/TM-2002-211716",
    algebra(lambda before, after: _count(before, _is_delta) > _count(after, _is_delta)),
)
DELTA = Rule(
    "Kronecker delta",
    "Piecewise((u(x), i == k), (v(x), i != k)) = delta(i, k)*u(x) + (1 - delta(i, k))*v(x)",
    "The delta is 1 if its two indices are equal and 0 if not.",
    "Kolecki, An Introduction to Tensors, NASA/TM-2002-211716",
    algebra(lambda before, after: _count(before, _is_delta) != _count(after, _is_delta)),
)


def _is_extremum(expression: Expr) -> bool:
    return isinstance(expression, MinMaxBase)


def _is_letter(expression: Expr) -> bool:
    return isinstance(expression, sympy.Symbol)


def _is_exponential(expression: Expr) -> bool:
    return isinstance(expression, sympy.exp)


def _is_square(expression: Expr) -> bool:
    return isinstance(expression, sympy.Pow) and expression.exp == 2


def _has_exponent(expression: Expr) -> bool:
    return isinstance(expression, (sympy.Pow, sympy.exp))


def _is_function_call(expression: Expr) -> bool:
    return isinstance(expression, sympy.Function) and not isinstance(expression, AppliedUndef)


def _is_delta(expression: Expr) -> bool:
    return isinstance(expression, sympy.KroneckerDelta)


# Definitions


def _names_go(before: Expr, after: Expr, definitions: Definitions) -> bool:
    return bool(_names_defined(before, definitions) - _names_defined(after, definitions))


def _names_come(before: Expr, after: Expr, definitions: Definitions) -> bool:
    return _names_go(after, before, definitions)


DEFINITION = Rule(
    "definition",
    "f(x) = f(x)",
    "A name is replaced by what it stands for.",
    "the definition itself",
    _names_go,
)
SUBSTITUTE = Rule(
    "substitute",
    "f(u(x)) = f(u(x))",
    "A part gets a name of its own.",
    "the definition itself",
    _names_come,
)
SUBSTITUTE_BACK = Rule(
    "substitute back",
    "f(x) = f(x)",
    "What a name stands for is replaced by the name.",
    "the definition itself",
    _names_come,
)
