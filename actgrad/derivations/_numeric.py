"""The value of an expression at a point, to any number of digits: the prover's second judge.

Nothing of SymPy's calculus is used: a derivative is a numeric derivative, a sum is added up,
so that this judge is independent of the exact one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import sympy
from mpmath.libmp.libhyper import NoConvergence
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair

from actgrad.derivations._expression import At, D, Expr, IndexSum

Environment = Mapping[Expr, Any]

# Beyond e^MAX_EXPONENT a number's own exponent does not fit into memory.
MAX_EXPONENT = 10**6


class Undefined(ArithmeticError):
    """The expression has no real value at this point."""


def value(expression: Expr, environment: Environment) -> Any:
    """Return the real value of the expression where the environment says.

    The environment maps symbols to numbers, indexed bases to functions of their indices.
    """
    result = _real(_value(expression, environment))
    if not mpmath.isfinite(result):
        raise Undefined(f"{expression} is not finite")
    return result


def is_known(function: Expr) -> bool:
    """Tell whether a function has values here."""
    kinds = (AppliedUndef, *_KINDS)
    return isinstance(function, kinds) or type(function).__name__ in _FUNCTIONS


def _real(result: Any) -> Any:
    if isinstance(result, mpmath.mpc):
        tiny = mpmath.mpf(10) ** (-mpmath.mp.dps + 10)
        if abs(result.imag) > tiny * (1 + abs(result.real)):
            raise Undefined("the value is not real")
        return result.real
    return result


def _value(expression: Expr, environment: Environment) -> Any:
    if expression in environment:
        return environment[expression]
    if expression.is_Rational:
        return mpmath.mpf(expression.p) / expression.q
    for kind, evaluate in _KINDS.items():
        if isinstance(expression, kind):
            return evaluate(expression, environment)
    if isinstance(expression, AppliedUndef):
        return _stand_in(expression, environment)
    name = type(expression).__name__
    if name in _FUNCTIONS:
        return _call(_FUNCTIONS[name], *(_value(part, environment) for part in expression.args))
    raise NotImplementedError(f"no numeric value is known for {name} in {expression}")


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except (ZeroDivisionError, ValueError, OverflowError, NoConvergence) as error:
        raise Undefined(str(error)) from error


def _exp(argument: Any) -> Any:
    if abs(argument) > MAX_EXPONENT:
        raise Undefined("the exponential is out of range")
    return mpmath.exp(argument)


def _power(base: Any, exponent: Any) -> Any:
    if base == 0 and (isinstance(exponent, mpmath.mpc) or exponent < 0):
        raise Undefined("0 to a negative power")
    # A few digits show whether it is: those of the numbers may be thousands.
    if abs(exponent) * mpmath.ln(abs(base) + 1, prec=53) > MAX_EXPONENT:
        raise Undefined("the power is out of range")
    return mpmath.power(base, exponent)


def _add(expression: Expr, environment: Environment) -> Any:
    return mpmath.fsum(_value(term, environment) for term in expression.args)


def _multiply(expression: Expr, environment: Environment) -> Any:
    return mpmath.fprod(_value(factor, environment) for factor in expression.args)


def _derivative(expression: Expr, environment: Environment) -> Any:
    inner, variable = expression.args
    if isinstance(variable, sympy.Indexed):
        base = variable.base
        place = tuple(int(_value(index, environment)) for index in variable.indices)
        array = environment[base]

        def moved(entry: Any) -> Any:
            def changed(*indices: int) -> Any:
                return entry if indices == place else array(*indices)

            return _real(_value(inner, {**environment, base: changed}))

        return _call(mpmath.diff, moved, array(*place))
    return _call(
        mpmath.diff,
        lambda point: _real(_value(inner, {**environment, variable: point})),
        environment[variable],
    )


def _at(expression: Expr, environment: Environment) -> Any:
    inner, variable, place = expression.args
    return _value(inner, {**environment, variable: _value(place, environment)})


def _sum(expression: Expr, environment: Environment) -> Any:
    term, index, last, *excepted = expression.args
    left_out = {int(_value(k, environment)) for k in excepted}
    span = [j for j in range(1, int(_value(last, environment)) + 1) if j not in left_out]
    return mpmath.fsum(_value(term, {**environment, index: j}) for j in span)


def _delta(expression: Expr, environment: Environment) -> Any:
    i, k = (int(_value(index, environment)) for index in expression.args)
    return mpmath.mpf(i == k)


def _indexed(expression: Expr, environment: Environment) -> Any:
    indices = (int(_value(index, environment)) for index in expression.indices)
    return environment[expression.base](*indices)


def _piecewise(expression: Expr, environment: Environment) -> Any:
    for result, condition in expression.args:
        if holds(condition, environment):
            return _value(result, environment)
    raise Undefined("no case of the piecewise function applies")


_COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    sympy.StrictLessThan: lambda a, b: bool(a < b),
    sympy.LessThan: lambda a, b: bool(a <= b),
    sympy.StrictGreaterThan: lambda a, b: bool(a > b),
    sympy.GreaterThan: lambda a, b: bool(a >= b),
    sympy.Eq: lambda a, b: bool(a == b),
    sympy.Ne: lambda a, b: bool(a != b),
}


def holds(condition: Expr, environment: Environment) -> bool:
    """Tell whether a condition holds at a point."""
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, Relational):
        left, right = (_value(side, environment) for side in condition.args)
        if isinstance(left, mpmath.mpc) or isinstance(right, mpmath.mpc):
            raise Undefined("complex numbers have no order")
        return _COMPARISONS[condition.func](left, right)
    if isinstance(condition, sympy.And):
        return all(holds(part, environment) for part in condition.args)
    if isinstance(condition, sympy.ITE):
        asked, yes, no = condition.args
        return holds(yes if holds(asked, environment) else no, environment)
    if isinstance(condition, sympy.Or):
        return any(holds(part, environment) for part in condition.args)
    raise NotImplementedError(f"the condition {condition} cannot be decided")


def _stand_in(expression: Expr, environment: Environment) -> Any:
    """Stand a smooth function in for an unknown one: the same for the same name."""
    name = type(expression).__name__
    bare = name.rstrip("'")
    digest = hashlib.sha256(bare.encode()).digest()
    weights = [mpmath.mpf(1 + byte) / 128 for byte in digest[:8]]

    def function(*arguments: Any) -> Any:
        total = mpmath.mpf(3)
        for weight, argument in zip(weights, arguments, strict=False):
            total += mpmath.sin(weight * argument + weights[4]) + weights[5] * argument
            total += weights[6] * argument**2 / 4
        return total

    points = [_value(part, environment) for part in expression.args]
    if name.endswith("'"):
        return _call(mpmath.diff, function, points[0], len(name) - len(bare))
    return function(*points)


_KINDS: Mapping[type, Callable[[Expr, Environment], Any]] = {
    sympy.Add: _add,
    sympy.Mul: _multiply,
    At: _at,
    D: _derivative,
    IndexSum: _sum,
    sympy.KroneckerDelta: _delta,
    sympy.Indexed: _indexed,
    sympy.Piecewise: _piecewise,
    ExprCondPair: lambda pair, environment: _value(pair.args[0], environment),
}

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": _exp,
    "Pow": _power,
    "log": mpmath.log,
    **{
        name: getattr(mpmath, name)
        for name in (
            *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh"),
            *("erf", "erfc", "sign"),
        )
    },
    "Abs": abs,
    "Max": lambda *values: max(map(_real, values)),
    "Min": lambda *values: min(map(_real, values)),
    "Pi": lambda: +mpmath.pi,
    "Exp1": lambda: +mpmath.e,
}
