"""Plant one error in one line: the prover must refuse it, whatever the derivation."""

import itertools
import random

import mpmath
import pytest
import sympy
from sympy.core.function import AppliedUndef

from actgrad.derivations import DERIVATIONS, Derivation, Unproved, derive, prove_equal
from actgrad.derivations._expression import (
    At,
    D,
    IndexSum,
    SumExcept,
    is_reciprocal,
    rebuild,
    replace_at,
    undefine,
    walk,
)

AUTOMATIC = [
    "x/2*(1 + erf(x/sqrt(2)))",
    "x*tanh(log(1 + e^x))",
    "Piecewise((x, x > 0), (2*(e^x - 1), otherwise))",
    "x/(1 + abs(x))",
    "x^x",
    "sin(cos(tan(x)))",
    "(x^2 + 3*x + 1)/(x^3 + 2)",
    "Piecewise((0, x < 0), (x^2/2, x < 1), (x - 1/2, otherwise))",
]


def mutants(line):
    """Yield (kind, line) for every single error of the five kinds at every place."""
    for path, part in places(line):
        for kind, wrong in _wrong_parts(part, line):
            if wrong != part:
                yield kind, replace_at(line, path, wrong)


def places(part, path=()):
    """Yield the parts that are values: no bound index, variable, condition or array name."""
    if isinstance(part, sympy.Expr):
        yield path, part
    if isinstance(part, (sympy.Indexed, sympy.KroneckerDelta)):
        return
    inside = part.args[:1] if isinstance(part, (D, IndexSum, SumExcept)) else part.args
    if isinstance(part, sympy.functions.elementary.piecewise.ExprCondPair):
        inside = part.args[:1]
    for position, argument in enumerate(inside):
        yield from places(argument, (*path, position))


def _wrong_parts(part, line):
    if isinstance(part, (sympy.Add, sympy.Mul)):
        for place, argument in enumerate(part.args):
            others = part.args[:place] + part.args[place + 1 :]
            flipped = sympy.Mul(-1, argument, evaluate=False)
            if isinstance(part, sympy.Add):
                yield "flipped sign", rebuild(part, (*others, flipped))
            elif len(others) == 1:
                yield "dropped factor", others[0]
            else:
                yield "dropped factor", rebuild(part, others)
    else:
        yield "flipped sign", sympy.Mul(-1, part, evaluate=False)
    if isinstance(part, sympy.Pow):
        for wrong in (part.exp + 1, part.exp - 1):
            yield "exponent off by one", sympy.Pow(part.base, wrong, evaluate=False)
    if isinstance(part, sympy.exp):
        wrong = sympy.Add(part.args[0], 1, evaluate=False)
        yield "exponent off by one", sympy.exp(wrong, evaluate=False)
    if is_reciprocal(part):
        upside_down = sympy.Pow(part.base, -part.exp, evaluate=False)
        yield "swapped numerator and denominator", upside_down
    if isinstance(part, sympy.Mul) and any(map(is_reciprocal, part.args)):
        inverted = tuple(sympy.Pow(factor, -1, evaluate=False) for factor in part.args)
        yield "swapped numerator and denominator", sympy.Mul(*inverted, evaluate=False)
    if isinstance(part, (sympy.Indexed, sympy.KroneckerDelta)):
        sizes = {p.args[2] for p in walk(line) if isinstance(p, (IndexSum, SumExcept))}
        names = {p for p in walk(line) if p.is_Symbol and p.is_integer}
        indices = sorted(names - sizes, key=str)
        for old, new in itertools.permutations(indices, 2):
            if old in part.args:
                swapped = [new if argument == old else argument for argument in part.args]
                yield "swapped index", part.func(*swapped)


def concrete(expression, indices, size):
    """Write an expression out for one size, with plain symbols: SymPy alone judges it."""
    if isinstance(expression, (IndexSum, SumExcept)):
        term, index, _, *excepted = expression.args
        left_out = {indices[e] for e in excepted}
        return sympy.Add(
            *(
                concrete(term, {**indices, index: j}, size)
                for j in range(1, size + 1)
                if j not in left_out
            )
        )
    if isinstance(expression, sympy.KroneckerDelta):
        i, k = (indices.get(index, index) for index in expression.args)
        return sympy.Integer(i == k)
    if isinstance(expression, sympy.Indexed):
        places = "_".join(str(indices[index]) for index in expression.indices)
        return sympy.Symbol(f"{expression.base.label}_{places}", real=True)
    if isinstance(expression, D):
        inner, variable = (concrete(part, indices, size) for part in expression.args)
        return sympy.diff(inner, variable)
    if isinstance(expression, At):
        inner, variable, place = (concrete(part, indices, size) for part in expression.args)
        return inner.subs(variable, place)
    if not expression.args:
        return (
            sympy.Integer(indices.get(expression, size))
            if expression.is_integer and (expression.is_Symbol)
            else expression
        )
    arguments = [concrete(argument, indices, size) for argument in expression.args]
    if isinstance(expression, AppliedUndef):
        t = sympy.Symbol("t")
        name = type(expression).__name__
        bare = name.rstrip("'")
        model = sympy.sin(t * len(bare)) + t**2 / (3 + ord(bare[0]) % 7) + sympy.exp(t / 5)
        return sympy.diff(model, t, len(name) - len(bare)).subs(t, arguments[0])
    return expression.func(*arguments)


def same_value(first, second, definitions, conditions):
    """Judge with SymPy's own calculus and evaluation, at points of our own."""
    chance = random.Random(0)
    sides = [undefine(side, definitions) for side in (first, second)]
    names = {p for side in sides for p in walk(side) if p.is_Symbol and p.is_integer}
    sizes = {p.args[2] for side in sides for p in walk(side) if isinstance(p, IndexSum)}
    free = sorted(names - sizes, key=str)
    size = 2 if len(sizes) > 1 else 3
    for assigned in itertools.product((1, 2), repeat=len(free)):
        indices = dict(zip(free, assigned, strict=True))
        if not all(condition.subs(indices) for condition in conditions):
            continue
        left, right = (concrete(side, indices, size) for side in sides)
        for _ in range(3):
            point = {
                symbol: sympy.Rational(chance.randint(20, 200), 100)
                * (1 if symbol.is_positive else chance.choice((-1, 1)))
                for symbol in left.free_symbols | right.free_symbols
            }
            values = [sympy.N(side.subs(point), 30) for side in (left, right)]
            if any(not value.is_finite for value in values):
                continue
            if abs(values[0] - values[1]) > mpmath.mpf(10) ** -20 * (1 + abs(values[0])):
                return False
    return True


# Sums written out by the judge take a minute for each of these.
LONG = [name for name in DERIVATIONS if name.startswith(("softmax", "layer"))]
SHORT = [name for name in (*DERIVATIONS, *AUTOMATIC) if name not in LONG]


@pytest.mark.parametrize(
    "name", [*SHORT, *(pytest.param(name, marks=pytest.mark.slow) for name in LONG)]
)
def test_every_planted_error_is_refused(name, record_property):
    derivation = DERIVATIONS[name]() if name in DERIVATIONS else derive(name, "x")
    refused = accepted = 0
    before = derivation.start
    for step in derivation.steps:
        for kind, wrong in mutants(step.expression):
            try:
                prove_equal(before, wrong, derivation.definitions, derivation.conditions)
            except Unproved:
                refused += 1
                continue
            accepted += 1
            assert same_value(
                step.expression, wrong, derivation.definitions, derivation.conditions
            ), f"accepted: {kind} in {step.rule.name}: {wrong}"
        before = step.expression
    record_property("refused", refused)
    print(f"{name}: {refused} mutants refused, {accepted} equal in value")
    assert refused >= len(derivation.steps)


def test_a_planted_error_stops_the_whole_derivation():
    derivation = DERIVATIONS["sigmoid_by_quotient_rule"]()
    *kept, last = derivation.steps
    wrong = sympy.Mul(-1, last.expression, evaluate=False)
    planted = Derivation(
        derivation.subject,
        derivation.symbol,
        (*kept, type(last)(last.rule, wrong)),
        derivation.definitions,
    )
    with pytest.raises(Unproved, match="step 11"):
        planted.prove()
