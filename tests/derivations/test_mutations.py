"""Plant one error in one line: the prover must refuse it, whatever the derivation."""

import itertools
import operator
import random

import mpmath
import pytest
import sympy
from sympy.core.function import AppliedUndef

from actgrad.derivations import (
    DERIVATIONS,
    Derivation,
    Kind,
    Unproved,
    _expression,
    derive,
    parse,
    prove_equal,
)
from actgrad.derivations._expression import (
    D,
    IndexSum,
    is_reciprocal,
    rebuild,
    replace_at,
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
    "x*Phi(x)",
    "x*sigma(1.5*x)",
    "x*tanh(softplus(x))",
    "x*max(0, min(6, x + 3))/6",
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
    inside = part.args[:1] if isinstance(part, (D, IndexSum)) else part.args
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
        sizes = {p.args[2] for p in walk(line) if isinstance(p, IndexSum)}
        names = {p for p in walk(line) if p.is_Symbol and p.is_integer}
        indices = sorted(names - sizes, key=str)
        for old, new in itertools.permutations(indices, 2):
            if old in part.args:
                swapped = [new if argument == old else argument for argument in part.args]
                yield "swapped index", part.func(*swapped)


class Judge:
    """The value of a line, names and all, by a way that substitutes nothing.

    A defined name is called like a function: its arguments are evaluated first, then its
    meaning is, with these values for its letters. So no letter can be caught by a sum, and
    nothing of `undefine` and `rebuild`, on which both of the prover's routes stand, is used.
    """

    def __init__(self, definitions):
        self.definitions = definitions

    def value(self, e, values, bound):
        """Return the value where letters and arrays have `values`, indices of sums `bound`."""
        if e in bound or e in values:
            return bound[e] if e in bound else values[e]
        for name, meaning in self.definitions:
            if (letters := self.letters(name, e)) is not None:
                arguments = e.indices if isinstance(e, sympy.Indexed) else e.args
                called = [self.value(argument, values, bound) for argument in arguments]
                inside = {**values, **dict(zip(letters, called, strict=True))}
                return self.value(meaning, inside, {} if letters else bound)
        if e.is_Rational:
            return mpmath.mpf(e.p) / e.q
        if isinstance(e, IndexSum):
            term, index, size, *excepted = e.args
            left_out = {self.value(k, values, bound) for k in excepted}
            span = [j for j in range(1, values[size] + 1) if j not in left_out]
            return sum(self.value(term, values, {**bound, index: j}) for j in span)
        if isinstance(e, D):
            return self.derivative(*e.args, values, bound)
        if isinstance(e, sympy.Indexed):
            return values[e.base][tuple(self.value(k, values, bound) for k in e.indices)]
        if isinstance(e, sympy.Piecewise):
            return next(
                self.value(pair.args[0], values, bound)
                for pair in e.args
                if self.holds(pair.args[1], values, bound)
            )
        arguments = [self.value(argument, values, bound) for argument in e.args]
        if isinstance(e, AppliedUndef):
            return stand_in(type(e).__name__, *arguments)
        return CALLS[type(e).__name__](*arguments)

    @staticmethod
    def letters(name, e):
        """Return the letters of a defined name if the expression calls it, else None."""
        if isinstance(name, sympy.Indexed):
            same = isinstance(e, sympy.Indexed) and e.base == name.base
            return name.indices if same else None
        if isinstance(name, sympy.Function):
            return name.args if type(e).__name__ == type(name).__name__ else None
        return () if e == name else None

    def derivative(self, inner, variable, values, bound):
        if isinstance(variable, sympy.Indexed):
            array = values[variable.base]
            place = tuple(self.value(k, values, bound) for k in variable.indices)

            def moved(t):
                return self.value(inner, {**values, variable.base: {**array, place: t}}, bound)

            return mpmath.diff(moved, array[place])
        here = self.value(variable, values, bound)
        return mpmath.diff(lambda t: self.value(inner, {**values, variable: t}, bound), here)

    def holds(self, condition, values, bound):
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        parts = [
            self.holds(part, values, bound)
            if isinstance(condition, sympy.And)
            else self.value(part, values, bound)
            for part in condition.args
        ]
        return (
            all(parts) if isinstance(condition, sympy.And) else COMPARE[condition.func](*parts)
        )


def stand_in(name, argument):
    bare = name.rstrip("'")

    def smooth(t):
        return mpmath.sin(t * len(bare)) + t**2 / (3 + ord(bare[0]) % 7) + mpmath.exp(t / 5)

    return mpmath.diff(smooth, argument, len(name) - len(bare))


COMPARE = {
    sympy.Gt: operator.gt,
    sympy.Ge: operator.ge,
    sympy.Lt: operator.lt,
    sympy.Le: operator.le,
    sympy.Eq: operator.eq,
    sympy.Ne: operator.ne,
}
CALLS = {
    "Add": lambda *terms: mpmath.fsum(terms),
    "Mul": lambda *factors: mpmath.fprod(factors),
    "Pow": mpmath.power,
    "Abs": abs,
    "Max": max,
    "Min": min,
    "Pi": lambda: +mpmath.pi,
    "KroneckerDelta": lambda i, k: mpmath.mpf(i == k),
    **{
        name: getattr(mpmath, name)
        for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf")
    },
}


def same_value(first, second, definitions, conditions):
    """Judge two lines at points of our own, for every choice of the indices."""
    chance = random.Random(0)
    parts = [p for side in (first, second) for p in walk(side)]
    parts += [p for pair in definitions for side in pair for p in walk(side)]
    sizes = {p.args[2] for p in parts if isinstance(p, IndexSum)}
    letters = sorted({p for p in parts if p.is_Symbol}, key=str)
    bases = sorted({p.base for p in parts if isinstance(p, sympy.Indexed)}, key=str)
    named = {getattr(name, "base", name) for name, _ in definitions}
    indices = [s for s in letters if s.is_integer and s not in sizes]
    judge = Judge(definitions)
    with mpmath.workdps(30):
        for chosen in itertools.product((1, 2), repeat=len(indices)):
            at = dict(zip(indices, chosen, strict=True))
            if not all(condition.subs(at) for condition in conditions):
                continue
            for _ in range(2):
                values = {**at, **dict.fromkeys(sizes, 2)}
                for letter in letters:
                    if letter not in values and letter not in named:
                        sign = 1 if letter.is_positive else chance.choice((-1, 1))
                        values[letter] = sign * mpmath.mpf(chance.randint(20, 200)) / 100
                for base in bases:
                    if base not in named:
                        values[base] = {
                            place: mpmath.mpf(chance.randint(-150, 150)) / 100
                            for rank in (1, 2)
                            for place in itertools.product((1, 2), repeat=rank)
                        }
                left, right = (judge.value(side, values, {}) for side in (first, second))
                if abs(left - right) > mpmath.mpf(10) ** -10 * (1 + abs(left)):
                    return False
    return True


def test_the_judge_sees_a_letter_that_a_sum_has_caught(monkeypatch):
    """Where renaming is broken the prover is fooled on both routes, and the judge is not."""
    names = {
        **{name: sympy.IndexedBase(name, real=True) for name in "Tzw"},
        **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijln"},
    }
    name, meaning, line, caught = (
        parse(text, names)
        for text in (
            "T[i]",
            "sum(z[i]*w[j], j, 1, n)",
            "sum(w[j]^2*T[j], j, 1, n)",
            "sum(w[j]^2*sum(z[l]*w[l], l, 1, n), j, 1, n)",
        )
    )
    definitions = ((name, meaning),)
    assert same_value(line, line, definitions, ())
    assert not same_value(line, caught, definitions, ())
    with pytest.raises(Unproved):
        prove_equal(line, caught, definitions)
    monkeypatch.setattr(_expression, "_rename_bound", lambda expression, incoming: expression)
    assert prove_equal(line, caught, definitions, at_kinks=False).kind is Kind.EXACT
    assert not same_value(line, caught, definitions, ())


def test_the_judge_finds_the_lines_of_the_book_equal():
    for name in ("sigmoid_by_chain_rule", "relu_vjp", "softmax_jacobian", "softplus_with_beta"):
        derivation = DERIVATIONS[name]()
        for before, after in itertools.pairwise(derivation.lines):
            assert same_value(before, after, derivation.definitions, derivation.conditions)


# Sums written out by the judge take a minute for each of these.
LONG = [
    name
    for name in DERIVATIONS
    if name.startswith(("softmax", "layer", "softmin", "sparsemax", "log_s", "cross"))
]
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
