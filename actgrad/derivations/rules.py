"""The rules, one object each: the textbook's name, statement, one sentence and a source.

The check of each rule is its own move: see `_checks`.
"""

from __future__ import annotations

from actgrad.derivations import _algebra as algebra
from actgrad.derivations import _calculus as calculus
from actgrad.derivations._checks import (
    backwards,
    both,
    brackets,
    differentiated,
    either,
    equal_in,
    fewer_bars,
    occurrences,
    rewritten,
    sums_with_a_gap,
    within,
)
from actgrad.derivations._expression import Expr, is_reciprocal
from actgrad.derivations._forms import Theory, order_form
from actgrad.derivations._rule import Change, Rule, statement_sides

STEWART = "Stewart, Calculus: Early Transcendentals, 8th ed."
ALGEBRA = "Spivak, Calculus, 4th ed., chapter 1"


def slope(head: type) -> Expr | None:
    """Return the derivative of an elementary function at x, None for any other."""
    rule = FUNCTION_RULES.get(head)
    return None if rule is None else rule.sides[1]


def _is_above(factor: Expr) -> bool:
    return not is_reciprocal(factor)


_elementary: list[Rule] = []


def _function_rule(name: str, statement: str, sentence: str, section: str = "3.11") -> Rule:
    """Return the rule of an elementary function; its statement says which one."""

    def reads_the_statement(change: Change) -> bool:
        left, right = rule.sides
        return differentiated(calculus.function(left.expression.func, right))(change)

    place = section if " " in section else f"{STEWART}, section {section}"
    rule = Rule(name, statement, sentence, place, reads_the_statement)
    _elementary.append(rule)
    return rule


# Calculus

CONSTANT = Rule(
    "constant rule",
    "D(a, x) = 0",
    "The derivative of a constant is 0.",
    STEWART + ", section 3.1",
    differentiated(calculus.constant),
)
IDENTITY = Rule(
    "identity rule",
    "D(x, x) = 1",
    "The derivative of the variable itself is 1.",
    STEWART + ", section 3.1",
    differentiated(calculus.identity),
)
SUM = Rule(
    "sum rule",
    "D(u(x) + v(x), x) = D(u(x), x) + D(v(x), x)",
    "The derivative of a sum is the sum of the derivatives.",
    STEWART + ", section 3.1",
    differentiated(calculus.of_sum),
)
CONSTANT_MULTIPLE = Rule(
    "constant multiple rule",
    "D(a*u(x), x) = a*D(u(x), x)",
    "A constant factor stays in front of the derivative.",
    STEWART + ", section 3.1",
    differentiated(calculus.constant_multiple),
)
PRODUCT = Rule(
    "product rule",
    "D(u(x)*v(x), x) = D(u(x), x)*v(x) + u(x)*D(v(x), x)",
    "Differentiate one factor at a time, keep the others, and add.",
    STEWART + ", section 3.2",
    differentiated(calculus.product),
)
QUOTIENT = Rule(
    "quotient rule",
    "D(u(x)/v(x), x) = (v(x)*D(u(x), x) - u(x)*D(v(x), x))/v(x)^2",
    "Denominator times derivative of the numerator, minus numerator times derivative of the "
    "denominator, over the denominator squared.",
    STEWART + ", section 3.2",
    differentiated(calculus.quotient),
)
RECIPROCAL = Rule(
    "reciprocal rule",
    "D(1/v(x), x) = -1/v(x)^2*D(v(x), x)",
    "The derivative of 1/v is minus the derivative of v over v squared.",
    STEWART + ", section 3.2, exercise 64",
    differentiated(calculus.reciprocal),
)
POWER = Rule(
    "power rule",
    "D(x^a, x) = a*x^(a - 1)",
    "The exponent comes down as a factor, and the power is one less.",
    STEWART + ", section 3.1 (positive integers) and 3.6 (real exponents)",
    differentiated(calculus.power),
)
EXPONENTIAL = _function_rule(
    "exponential rule",
    "D(e^x, x) = e^x",
    "The exponential function is its own derivative.",
    "3.1",
)
LOGARITHM = _function_rule(
    "logarithm rule",
    "D(log(x), x) = 1/x",
    "The derivative of the natural logarithm is the reciprocal.",
    "3.6",
)
EXPONENTIAL_OF_A_BASE = Rule(
    "exponential rule for a base",
    "D(a^x, x) = a^x*log(a)",
    "A power with the variable above is its own derivative, times the logarithm of the base.",
    STEWART + ", section 3.4",
    differentiated(calculus.exponential_of_a_base),
)
CHAIN = Rule(
    "chain rule",
    "D(f(u(x)), x) = f'(u(x))*D(u(x), x)",
    "The derivative of the outer function at the inner one, times the derivative of the inner.",
    STEWART + ", section 3.4",
    differentiated(calculus.chain(slope)),
)
LINEAR = Rule(
    "slope of a linear function",
    "D(a*x + b, x) = a",
    "The derivative of a linear function is its slope.",
    STEWART + ", section 3.1",
    differentiated(calculus.linear),
)
LINEAR_CHAIN = Rule(
    "chain rule for a linear inner function",
    "D(f(a*u(x) + b), x) = a*f'(a*u(x) + b)*D(u(x), x)",
    "The slope of the inner function comes out as a factor.",
    STEWART + ", section 3.4",
    differentiated(calculus.linear_chain(slope)),
)
SINE = _function_rule(
    "sine rule",
    "D(sin(x), x) = cos(x)",
    "The derivative of the sine is the cosine.",
    "3.3",
)
COSINE = _function_rule(
    "cosine rule",
    "D(cos(x), x) = -sin(x)",
    "The derivative of the cosine is minus the sine.",
    "3.3",
)
TANGENT = _function_rule(
    "tangent rule",
    "D(tan(x), x) = 1 + tan(x)^2",
    "The derivative of the tangent is 1 plus its square.",
    "3.3",
)
SECANT = _function_rule(
    "secant rule",
    "D(sec(x), x) = sec(x)*tan(x)",
    "The derivative of the secant is the secant times the tangent.",
    "3.3",
)
COSECANT = _function_rule(
    "cosecant rule",
    "D(csc(x), x) = -csc(x)*cot(x)",
    "The derivative of the cosecant is minus the cosecant times the cotangent.",
    "3.3",
)
COTANGENT = _function_rule(
    "cotangent rule",
    "D(cot(x), x) = -(1 + cot(x)^2)",
    "The derivative of the cotangent is minus 1 minus its square.",
    "3.3",
)
INVERSE_SINE = _function_rule(
    "inverse sine rule",
    "D(asin(x), x) = 1/sqrt(1 - x^2)",
    "The derivative of the inverse sine is 1 over the root of 1 minus the square.",
    "3.5",
)
INVERSE_COSINE = _function_rule(
    "inverse cosine rule",
    "D(acos(x), x) = -1/sqrt(1 - x^2)",
    "The derivative of the inverse cosine is minus that of the inverse sine.",
    "3.5",
)
INVERSE_TANGENT = _function_rule(
    "inverse tangent rule",
    "D(atan(x), x) = 1/(1 + x^2)",
    "The derivative of the inverse tangent is 1 over 1 plus the square of the variable.",
    "3.5",
)
HYPERBOLIC_SINE = _function_rule(
    "hyperbolic sine rule",
    "D(sinh(x), x) = cosh(x)",
    "The derivative of the hyperbolic sine is the hyperbolic cosine.",
)
HYPERBOLIC_COSINE = _function_rule(
    "hyperbolic cosine rule",
    "D(cosh(x), x) = sinh(x)",
    "The derivative of the hyperbolic cosine is the hyperbolic sine, without a minus.",
)
HYPERBOLIC_TANGENT = _function_rule(
    "hyperbolic tangent rule",
    "D(tanh(x), x) = 1 - tanh(x)^2",
    "The derivative of the hyperbolic tangent is 1 minus its square.",
)
HYPERBOLIC_SECANT = _function_rule(
    "hyperbolic secant rule",
    "D(sech(x), x) = -sech(x)*tanh(x)",
    "The derivative of the hyperbolic secant is minus itself times the hyperbolic tangent.",
)
HYPERBOLIC_COSECANT = _function_rule(
    "hyperbolic cosecant rule",
    "D(csch(x), x) = -csch(x)*coth(x)",
    "The derivative of the hyperbolic cosecant is minus itself times the hyperbolic cotangent.",
)
HYPERBOLIC_COTANGENT = _function_rule(
    "hyperbolic cotangent rule",
    "D(coth(x), x) = 1 - coth(x)^2",
    "The derivative of the hyperbolic cotangent is 1 minus its square.",
)
INVERSE_HYPERBOLIC_SINE = _function_rule(
    "inverse hyperbolic sine rule",
    "D(asinh(x), x) = 1/sqrt(x^2 + 1)",
    "The derivative of the inverse hyperbolic sine is 1 over the root of the square plus 1.",
)
INVERSE_HYPERBOLIC_COSINE = _function_rule(
    "inverse hyperbolic cosine rule",
    "D(acosh(x), x) = 1/(sqrt(x - 1)*sqrt(x + 1))",
    "The derivative of the inverse hyperbolic cosine is 1 over the root of the square minus 1.",
)
INVERSE_HYPERBOLIC_TANGENT = _function_rule(
    "inverse hyperbolic tangent rule",
    "D(atanh(x), x) = 1/(1 - x^2)",
    "The derivative of the inverse hyperbolic tangent is 1 over 1 minus the square.",
)
ERROR_FUNCTION = _function_rule(
    "error function rule",
    "D(erf(x), x) = 2/sqrt(pi)*e^(-x^2)",
    "The error function is an integral; its derivative is what stands under the integral.",
    "NIST Digital Library of Mathematical Functions, 7.2.1",
)
COMPLEMENTARY_ERROR_FUNCTION = _function_rule(
    "complementary error function rule",
    "D(erfc(x), x) = -2/sqrt(pi)*e^(-x^2)",
    "The complement is 1 minus the error function: its derivative has the other sign.",
    "NIST Digital Library of Mathematical Functions, 7.2.2",
)
ABSOLUTE_VALUE = _function_rule(
    "absolute value rule",
    "D(abs(x), x) = Piecewise((1, x > 0), (-1, x < 0))",
    "The slope of the absolute value is the sign; at 0 there is a kink and no derivative.",
    "2.8",
)
SIGN = _function_rule(
    "sign rule",
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
    differentiated(calculus.cases),
)
KNOWN = Rule(
    "known result",
    "D(tanh(x), x) = 1 - tanh(x)^2",
    "This has a derivation of its own; its result is used.",
    "the derivation itself",
    either(differentiated(calculus.known), rewritten(algebra.known_equality)),
)
PARTS = Rule(
    "put the parts in",
    "D(u(x) + v(x), x) = D(u(x), x) + D(v(x), x)",
    "The derivatives of the parts have been worked out on the side.",
    "the derivations of the parts",
    algebra.parts_put_in,
)
PARTIAL = Rule(
    "partial derivative of a coordinate",
    "D(z[i], z[j]) = delta(i, j)",
    "Coordinates are independent: the derivative of one by another is 1 if they are the same "
    "and 0 if not.",
    "Magnus and Neudecker, Matrix Differential Calculus, chapter 5",
    differentiated(calculus.partial),
)


# Algebra


# What several rules share, and what tells neighbours apart: each is refused where the one
# that does less describes the step.
_MULTIPLIED_OUT = Theory.EXPAND | Theory.TERMS | Theory.FACTORS | Theory.LINEAR
_EXPONENTS = Theory.EXPONENTS | Theory.FACTORS
_splits = both(
    equal_in(_MULTIPLIED_OUT), rewritten(algebra.distributed(is_reciprocal), Theory.NUMBERS)
)
_factors_out = both(
    equal_in(_MULTIPLIED_OUT),
    backwards(rewritten(algebra.distributed(lambda factor: True), Theory.FACTORS)),
)
_expands = both(
    equal_in(_MULTIPLIED_OUT),
    either(
        within(
            Theory.EXPAND | Theory.TERMS | Theory.FACTORS,
            Theory.TERMS | Theory.FACTORS,
            Theory.CANCEL | Theory.FACTORS,
            measure=brackets,
        ),
        rewritten(algebra.distributed(_is_above), Theory.FACTORS),
    ),
    lambda change: not _splits(change) and not _factors_out(change),
)
_powers = both(
    equal_in(_EXPONENTS),
    lambda change: not equal_in(Theory.CANCEL | Theory.FACTORS)(change),
    lambda change: not _expands(change),
)
_apart = rewritten(algebra.one_index_apart, _MULTIPLIED_OUT)
_splits_sum = both(
    lambda change: sums_with_a_gap(change.before) != sums_with_a_gap(change.after),
    either(_apart, backwards(_apart)),
)

ADD_AND_SUBTRACT = Rule(
    "add and subtract the same thing",
    "u(x) = u(x) + a - a",
    "Adding and subtracting the same thing changes nothing but the form.",
    ALGEBRA,
    backwards(rewritten(algebra.without_opposites)),
)
SPLIT_FRACTION = Rule(
    "split the fraction",
    "(u(x) + v(x))/a = u(x)/a + v(x)/a",
    "A fraction whose numerator is a sum is the sum of the fractions.",
    ALGEBRA,
    _splits,
)
SPLIT_PRODUCT = Rule(
    "write as a product of fractions",
    "(u(x)*v(x))/(a*b) = (u(x)/a)*(v(x)/b)",
    "Factors above and below the bar are shared out between two fractions.",
    ALGEBRA,
    within(Theory.FACTORS, Theory.NUMBERS, measure=fewer_bars),
)
CANCEL = Rule(
    "cancel a common factor",
    "(a*u(x))/(a*b) = u(x)/b",
    "A factor that stands above and below the bar cancels.",
    ALGEBRA,
    within(Theory.CANCEL | Theory.FACTORS, Theory.FACTORS),
)
FACTOR_OUT = Rule(
    "factor out",
    "a*u(x) - a*v(x) = a*(u(x) - v(x))",
    "A factor that all terms share is taken out of the sum.",
    ALGEBRA,
    _factors_out,
)
EXPAND = Rule(
    "expand",
    "a*(u(x) + v(x)) = a*u(x) + a*v(x)",
    "Multiply every term in the brackets.",
    ALGEBRA,
    _expands,
)
COLLECT = Rule(
    "collect",
    "u(x)*u(x) = u(x)^2",
    "Equal factors are written as a power, equal terms as a multiple.",
    ALGEBRA,
    within(Theory.TERMS | Theory.FACTORS, Theory.NUMBERS, measure=occurrences),
)
ARITHMETIC = Rule(
    "work out",
    "0*u(x) - 1*(-v(x)) = v(x)",
    "Products with 0 and 1, double signs and sums of numbers are worked out.",
    ALGEBRA,
    within(Theory.NUMBERS),
)
REORDER = Rule(
    "reorder",
    "u(x)*v(x) = v(x)*u(x)",
    "Factors and terms may change places, and brackets among them may move.",
    ALGEBRA,
    lambda change: order_form(change.before) == order_form(change.after),
)
CASE_PRODUCT = Rule(
    "multiply case by case",
    "a*Piecewise((u(x), x > 0), (v(x), x < 0)) = Piecewise((a*u(x), x > 0), (a*v(x), x < 0))",
    "A factor in front of a case distinction goes into every case.",
    ALGEBRA,
    rewritten(algebra.into_cases, Theory.NUMBERS),
)
IDENTITY_OF_SQUARES = Rule(
    "difference of two squares",
    "4*a*b = (a + b)^2 - (a - b)^2",
    "The squares of a sum and of a difference differ by four times the product.",
    ALGEBRA,
    backwards(rewritten(algebra.four_products, Theory.NUMBERS)),
)
NESTED_EXTREMA = Rule(
    "join nested maxima",
    "max(max(u(x), a), b) = max(u(x), a, b)",
    "The maximum of a maximum and a number is the maximum of all three; so for minima.",
    ALGEBRA,
    rewritten(algebra.flat_extremum),
)
EXTREMUM_BY_CASES = Rule(
    "write case by case",
    "max(0, min(a, x)) = Piecewise((0, x < 0), (x, x < a), (a, otherwise))",
    "Between two kinks maxima and minima are one formula: write each where it holds.",
    STEWART + ", section 1.1",
    rewritten(algebra.extremum_by_cases),
)
COMMON_DENOMINATOR = Rule(
    "common denominator",
    "u(x)/a + v(x)/b = (b*u(x) + a*v(x))/(a*b)",
    "Fractions with the same denominator are added above the bar.",
    ALGEBRA,
    backwards(rewritten(algebra.distributed(is_reciprocal), Theory.CANCEL | Theory.FACTORS)),
)
MULTIPLY_BOTH = Rule(
    "multiply numerator and denominator",
    "u(x)/b = (a*u(x))/(a*b)",
    "A fraction keeps its value when numerator and denominator get the same factor.",
    ALGEBRA,
    backwards(within(Theory.CANCEL | Theory.FACTORS, Theory.FACTORS)),
)
POWERS = Rule(
    "rules of exponents",
    "e^(u(x) + v(x)) = e^u(x)*e^v(x)",
    "Exponents add where powers are multiplied, and a power is taken factor by factor.",
    ALGEBRA,
    _powers,
)
POWER_AS_EXPONENTIAL = Rule(
    "write the power as an exponential",
    "x^u(x) = e^(u(x)*log(x))",
    "Where base and exponent both vary, e and the logarithm make one function of one exponent.",
    STEWART + ", section 3.6",
    rewritten(algebra.as_exponential),
)
LOGARITHM_UNDONE = Rule(
    "exponential of a logarithm",
    "e^(log(u(x))) = u(x)",
    "The exponential and the natural logarithm undo each other.",
    STEWART + ", section 1.5",
    rewritten(algebra.logarithm_undone),
)
_IDENTITIES = (
    "cosh(x)^2 - sinh(x)^2 = 1",
    "sin(x)^2 + cos(x)^2 = 1",
    "1 + tan(x)^2 = sec(x)^2",
    "1 - tanh(x)^2 = sech(x)^2",
)


def _function_identities(change: Change) -> bool:
    return any(
        rewritten(algebra.instances(*statement_sides(text)), Theory.NUMBERS)(one)
        for text in _IDENTITIES
        for one in (change, change.reversed())
    )


IDENTITY_OF_FUNCTIONS = Rule(
    "identity between functions",
    "cosh(x)^2 - sinh(x)^2 = 1",
    "A known identity between elementary functions.",
    "NIST Digital Library of Mathematical Functions, 4.35",
    _function_identities,
)
SPLIT_SUM = Rule(
    "split the sum at one index",
    "sum(z[i], i, 1, k) = z[j] + sum(z[i], i, 1, k, j)",
    "One term is taken out of the sum, the others stay.",
    ALGEBRA,
    _splits_sum,
)
SIFTING = Rule(
    "sifting with the Kronecker delta",
    "sum(z[i]*delta(i, j), i, 1, k) = z[j]",
    "In a sum the delta leaves one term: the one where its two indices are equal.",
    "Kolecki, An Introduction to Tensors, NASA/TM-2002-211716",
    rewritten(algebra.sifted, Theory.NUMBERS),
)
DELTA = Rule(
    "Kronecker delta",
    "Piecewise((u(x), i == j), (v(x), i != j)) = delta(i, j)*u(x) + (1 - delta(i, j))*v(x)",
    "The delta is 1 if its two indices are equal and 0 if not.",
    "Kolecki, An Introduction to Tensors, NASA/TM-2002-211716",
    either(
        rewritten(algebra.delta_for_cases, Theory.NUMBERS),
        backwards(rewritten(algebra.delta_for_cases, Theory.NUMBERS)),
    ),
)


# Definitions


DEFINITION = Rule(
    "definition",
    "f(x) = f(x)",
    "A name is replaced by what it stands for.",
    "the definition itself",
    rewritten(algebra.defined(), Theory.FACTORS),
)
SUBSTITUTE = Rule(
    "substitute",
    "f(u(x)) = f(u(x))",
    "A part gets a name of its own.",
    "the definition itself",
    backwards(rewritten(algebra.defined(letters=True), Theory.FACTORS)),
)
SUBSTITUTE_BACK = Rule(
    "substitute back",
    "f(x) = f(x)",
    "What a name stands for is replaced by the name.",
    "the definition itself",
    backwards(rewritten(algebra.defined(letters=False), Theory.FACTORS)),
)

# The derivative of an elementary function is read off the statement of its rule.
FUNCTION_RULES: dict[type, Rule] = {rule.sides[0].expression.func: rule for rule in _elementary}
__all__ = [name for name, value in list(globals().items()) if isinstance(value, Rule)]
