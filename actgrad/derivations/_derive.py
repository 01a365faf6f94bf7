"""The automatic deriver: outermost rule first, one rule a line, like a patient teacher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.functions.elementary.miscellaneous import MinMaxBase
from sympy.functions.elementary.piecewise import ExprCondPair

from actgrad.derivations import rules
from actgrad.derivations._carried_out import carried_out, unknown_function
from actgrad.derivations._cases import NoSlope, case_by_case, join_of, kinks, slopes_at
from actgrad.derivations._derivation import Derivation, Step
from actgrad.derivations._expression import (
    D,
    Decimal,
    Definitions,
    Expr,
    add,
    as_decimal,
    at,
    bars,
    contains,
    divide,
    find,
    graft_at,
    instance,
    is_reciprocal,
    multiply,
    negate,
    raise_to,
    replace_all,
    replace_at,
    size,
    walk,
)
from actgrad.derivations._forms import order_form
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import plain
from actgrad.derivations._rule import Rule
from actgrad.derivations._tidy import cancelled, joined, on_one_bar, powers_joined, worked_out
from actgrad.derivations.documents import DERIVATIONS

# Above this many nodes a line is too long to read: parts are derived on the side.
LONG = 45
# Above this many a note does not repeat a formula: it must be read at a glance.
SHORT = 24


class Unsupported(ValueError):
    """The expression contains something that no rule differentiates."""


def derive(expression: Expr | str, symbol: Expr | str | None = None) -> Derivation:
    """Differentiate any expression of elementary functions, step by step.

    Parameters
    ----------
    expression
        A SymPy expression of real variables, or a text for `parse`.
    symbol
        The variable; may be left out when there is only one.

    Returns
    -------
    Derivation
        Every line follows from the one before by one named rule; its method `prove` proves it.
        `sigma`, `softplus`, `Phi` and `phi` keep their names, and their derivatives are cited;
        maxima and minima are first written case by case.

    Raises
    ------
    Unsupported
        Naming the function that no rule differentiates.
    TypeError
        If what is given is neither a text nor an expression.
    ValueError
        If the variable is not clear or not real.

    Examples
    --------
    >>> from actgrad.derivations import derive, plain
    >>> plain(derive("x*Phi(x)").result)
    'Phi(x) + x*phi(x)'
    """
    if isinstance(expression, str):
        expression = parse(expression, kept=NAMED)
    if not isinstance(expression, sympy.Expr):
        raise TypeError(
            'derive takes a text such as "x^2" or a SymPy expression, not '
            f"{_described(expression)}"
        )
    symbol = variable(expression, symbol)
    _require_support(expression, symbol)
    deriver = Deriver(symbol, expression)
    derivation = deriver.derivation(expression, deriver.opening())
    return replace(derivation, title=f"The derivative of {plain(expression)}")


def _described(given: object) -> str:
    if isinstance(given, (int, float)):
        return f"the number {given}: put it in quotation marks"
    if callable(given):
        return "a function: write its formula"
    return "None" if given is None else f"a {type(given).__name__}"


def variable(expression: Expr, symbol: Expr) -> Expr:
    """Return the real variable that is meant; a ValueError says what to add."""
    free = sorted(expression.free_symbols, key=str)
    if symbol is None:
        if len(free) == 1:
            (symbol,) = free
        elif not free or any(s.name == "x" for s in free):
            symbol = "x"
        else:
            names = ", ".join(map(str, free))
            raise ValueError(f"say by which variable; the variables here are: {names}")
    name = str(symbol)
    symbol = next((s for s in free if s.name == name), sympy.Symbol(name, real=True))
    if not symbol.is_real:
        raise ValueError(
            f"the variable {symbol} must be real: Symbol({str(symbol)!r}, real=True)"
        )
    return symbol


def _require_support(expression: Expr, symbol: Expr) -> None:
    for part in walk(expression):
        if symbol not in part.free_symbols:
            continue
        known = isinstance(
            part, (sympy.Add, sympy.Mul, sympy.Pow, sympy.Symbol, sympy.Piecewise, MinMaxBase)
        )
        condition = isinstance(part, (Relational, sympy.And, ExprCondPair))
        if known or condition or type(part) in rules.FUNCTION_RULES or is_named(part):
            continue
        heads = [*(head.__name__ for head in rules.FUNCTION_RULES), *NAMED]
        raise Unsupported(
            f"no rule differentiates the function {type(part).__name__}; the rules know "
            f"{', '.join(sorted(heads))}, powers, Max, Min and Piecewise"
        )


# The functions that keep their names in all lines, each with the derivation that is cited.
_CITED = {
    "sigma": "sigmoid_by_chain_rule",
    "softplus": "softplus_derivative",
    "Phi": "normal_distribution",
    "phi": "normal_density",
}
NAMED = {name: unknown_function(name) for name in _CITED}


@lru_cache
def cited(name: str) -> Derivation:
    return DERIVATIONS[_CITED[name]]()


def deriver(d: Expr) -> Deriver:
    """Return what differentiates the derivatives by one variable, this one first."""
    _require_support(d.expression, d.variable)
    return Deriver(d.variable, d.expression)


def is_named(expression: Expr) -> bool:
    return isinstance(expression, AppliedUndef) and type(expression).__name__ in NAMED


def definitions_of(expression: Expr) -> Definitions:
    """Return what the named functions of an expression, and of its derivative, stand for."""
    names: dict[str, None] = {}
    for part in walk(expression):
        if is_named(part):
            name = type(part).__name__
            lines = cited(name).lines
            found = (f for line in (lines[0], lines[-1]) for f in walk(line) if is_named(f))
            names.update(dict.fromkeys(type(f).__name__ for f in found))
    x = sympy.Symbol("x", real=True)
    return tuple((NAMED[n](x), parse(f"{n}(x)")) for n in names)


class Deriver:
    def __init__(self, symbol: Expr, whole: Expr) -> None:
        self.symbol = symbol
        self.whole = whole

    def opening(self) -> tuple[Step, ...]:
        """Return the step before any rule of calculus: a definition, or the cases written."""
        if is_named(self.whole) and self.whole.args == (self.symbol,):
            # What is asked for is derived, not quoted.
            ((term, value), *_) = definitions_of(self.whole)
            meaning = self.d(instance(term, value, self.whole))
            return (Step(rules.DEFINITION, meaning),)
        kinked = (MinMaxBase, sympy.Abs, sympy.sign, sympy.Piecewise)
        # The maximum or minimum of smooth functions has its own rule.
        single = isinstance(self.whole, MinMaxBase) and not any(
            contains(part, *kinked) for part in self.whole.args
        )
        cases = None
        if contains(self.whole, MinMaxBase) and not single:
            cases = case_by_case(self.whole, self.symbol)
        if cases is None:
            return ()
        self.whole = cases
        return (Step(rules.EXTREMUM_BY_CASES, self.d(cases)),)

    def derivation(self, subject: Expr, opening: tuple[Step, ...] = ()) -> Derivation:
        """Return the derivation of d(subject)/dx, its lines tidied at the end."""
        steps = list(opening)
        line: Expr = steps[-1].expression if steps else D(subject, self.symbol)
        long = size(subject) > LONG
        while paths := list(find(line, lambda part: isinstance(part, D))):
            step = (
                self.all_parts(line, paths) if long and steps else self.next_step(line, paths)
            )
            steps.append(step)
            line = step.expression
        steps += tidied(line)
        names = {s.name: s for s in subject.free_symbols | {self.symbol}}
        return Derivation(
            subject,
            self.symbol,
            tuple(steps),
            definitions=definitions_of(subject),
            names=_with_letters(names),
        )

    def all_parts(self, line: Expr, paths: list[tuple[int, ...]]) -> Step:
        """Return the step that puts in the derivatives of all parts, derived on the side."""
        found = dict.fromkeys(at(line, path) for path in paths)
        parts = {d: self.derivation(d.expression) for d in found}
        for d, part in parts.items():
            line = replace_all(line, d, part.result)
        return Step(rules.PARTS, line, parts=tuple(parts.values()))

    def next_step(self, line: Expr, paths: list[tuple[int, ...]]) -> Step:
        """Return the step that applies one rule to the outermost, leftmost derivative.

        Constants and the variable itself are done wherever they stand.
        """
        first = at(line, paths[0])
        rule, after, note = self.applied(first.expression)
        if rule in (rules.CONSTANT, rules.IDENTITY):
            for path in paths:
                d = at(line, path)
                if self.applied(d.expression)[0] is rule:
                    line = replace_at(line, path, after)
            return Step(rule, line)
        known = None
        if rule is rules.KNOWN:
            known = cited(type(first.expression).__name__)
            note = f"From: {known.title}."
        return Step(rule, graft_at(line, paths[0], after), note, known=known)

    def depends(self, expression: Expr) -> bool:
        return self.symbol in expression.free_symbols

    def d(self, expression: Expr) -> Expr:
        return D(expression, self.symbol)

    def applied(self, e: Expr) -> tuple[Rule, Expr, str]:
        """Return the rule for d(e)/dx, what it makes of it, and a note."""
        if not self.depends(e):
            return rules.CONSTANT, sympy.Integer(0), ""
        if e == self.symbol:
            return rules.IDENTITY, sympy.Integer(1), ""
        if isinstance(e, sympy.Add):
            return rules.SUM, add(*map(self.d, e.args)), ""
        if isinstance(e, sympy.Mul):
            return self.product(e)
        if isinstance(e, sympy.Pow):
            return self.power(e)
        if isinstance(e, sympy.Piecewise):
            return self.cases(e)
        if isinstance(e, MinMaxBase):
            return self.extremum(e)
        if type(e) in rules.FUNCTION_RULES:
            return self.function(e, rules.FUNCTION_RULES[type(e)])
        if is_named(e):
            return self.named(e)
        raise Unsupported(f"no rule differentiates {type(e).__name__}")

    def product(self, e: Expr) -> tuple[Rule, Expr, str]:
        constants = [factor for factor in e.args if not self.depends(factor)]
        rest = [factor for factor in e.args if self.depends(factor)]
        if constants:
            inner = self.d(multiply(*rest))
            if constants == [-1]:
                return rules.CONSTANT_MULTIPLE, negate(inner), ""
            return rules.CONSTANT_MULTIPLE, multiply(*constants, inner), ""
        groups = bars(e)
        if len(groups) == 1 and groups[0][1]:
            above, below = groups[0]
            u = multiply(*above) if above else sympy.Integer(1)
            return self.quotient(u, multiply(*below))
        factors = [
            divide(multiply(*above), multiply(*below)) if below else multiply(*above)
            for above, below in groups
        ]
        if len(factors) == 1:
            factors = list(groups[0][0])
        terms = [
            multiply(*(self.d(f) if n == place else f for n, f in enumerate(factors)))
            for place in range(len(factors))
        ]
        return rules.PRODUCT, add(*terms), ""

    def quotient(self, u: Expr, v: Expr) -> tuple[Rule, Expr, str]:
        if u == 1:
            return rules.RECIPROCAL, multiply(-1, raise_to(v, -2), self.d(v)), ""
        top = add(multiply(v, self.d(u)), negate(multiply(u, self.d(v))))
        return rules.QUOTIENT, multiply(top, raise_to(v, -2)), ""

    def power(self, e: Expr) -> tuple[Rule, Expr, str]:
        base, exponent = e.args
        if self.depends(base) and self.depends(exponent):
            rewritten = sympy.exp(
                multiply(exponent, sympy.log(base, evaluate=False)), evaluate=False
            )
            note = f"For `{plain(base)} > 0`."
            return rules.POWER_AS_EXPONENTIAL, self.d(rewritten), note
        if self.depends(exponent):
            outer = multiply(e, sympy.log(base, evaluate=False))
            return self.chained(rules.EXPONENTIAL_OF_A_BASE, e, exponent, outer)
        if exponent == -1:
            if base == self.symbol:
                return rules.RECIPROCAL, negate(raise_to(base, -2)), ""
            return self.quotient(sympy.Integer(1), base)
        number = exponent.is_Rational
        less = as_decimal(exponent - 1, exponent) if number else add(exponent, -1)
        lowered = base if less == 1 else raise_to(base, less)
        outer = multiply(exponent, lowered)
        return self.chained(rules.POWER, e, base, outer)

    def function(self, e: Expr, rule: Rule) -> tuple[Rule, Expr, str]:
        (u,) = e.args
        statement = rule.sides[1]
        outer = replace_all(statement, sympy.Symbol("x", real=True), u)
        return self.chained(rule, e, u, outer)

    def named(self, e: Expr) -> tuple[Rule, Expr, str]:
        """Return the derivative that is cited, at the inner function, times the inner one's."""
        (u,) = e.args
        known = cited(type(e).__name__)
        outer = replace_all(known.result, known.symbol, u)
        factors = outer.args if _is_plain_product(outer) else (outer,)
        inner = () if u == self.symbol else (self.d(u),)
        return rules.KNOWN, multiply(*factors, *inner), ""

    def chained(self, rule: Rule, e: Expr, u: Expr, outer: Expr) -> tuple[Rule, Expr, str]:
        """Return the rule for the outer function alone, or the chain rule around it."""
        if u == self.symbol:
            return rule, outer, ""
        letter = "u" if "u" not in {s.name for s in e.free_symbols} else "w"
        inner = sympy.Symbol(letter, real=True)
        shown = plain(replace_all(e, u, inner))
        where = f" with `{letter} = {plain(u)}`" if size(u) <= SHORT else ""
        note = f"The {rule.name} for `{shown}`{where}."
        factors = outer.args if _is_plain_product(outer) else (outer,)
        return rules.CHAIN, multiply(*factors, self.d(u)), note

    # Case by case

    def extremum(self, e: Expr) -> tuple[Rule, Expr, str]:
        if (joined := e.func(*e.args)) != e:
            return rules.NESTED_EXTREMA, self.d(joined), ""
        first, *others = e.args
        rest = others[0] if len(others) == 1 else e.func(*others, evaluate=False)
        # The condition reads x > 0, not 0 < x.
        if not self.depends(first):
            first, rest = rest, first
        up = isinstance(e, sympy.Max)
        pairs = (
            (first, (sympy.Gt if up else sympy.Lt)(first, rest, evaluate=False)),
            (rest, (sympy.Lt if up else sympy.Gt)(first, rest, evaluate=False)),
        )
        return self.by_cases(e, pairs)

    def cases(self, e: Expr) -> tuple[Rule, Expr, str]:
        excluded: list[Expr] = []
        pairs = []
        for value, condition in (pair.args for pair in e.args):
            inside = _conjunction([*_strict(condition), *excluded])
            if inside is not None:
                pairs.append((value, inside))
            excluded += _opposite(condition)
        return self.by_cases(e, tuple(pairs))

    def at_a_kink(self, e: Expr, place: Expr, left: Expr, right: Expr) -> str:
        """Return what two different slopes of a part mean for it and for the whole."""
        unless = _unless_equal(left, right)
        if e == self.whole:
            return f"a kink, no derivative there{unless}"
        try:
            slope = join_of(self.whole, self.symbol, place)
        except NotImplementedError:
            slope = None
        if slope is None:
            return f"a kink of this part{unless}"
        return f"a kink of this part; the whole function has the slope {_shown(slope)} there"

    def by_cases(self, e: Expr, pairs: tuple[tuple[Expr, Expr], ...]) -> tuple[Rule, Expr, str]:
        """Return the derivative in each open case, closed where the slopes agree."""
        notes = []
        closed = list(pairs)
        places = [place for variable, place in kinks(e) if variable == self.symbol]
        for place in places:
            joined = _closed_at(closed, self.symbol, place)
            if joined is None:
                continue
            where = f"At `{self.symbol} = {plain(place)}`"
            try:
                left, right = slopes_at(e, self.symbol, place)
            except NoSlope as reason:
                notes.append(f"{where} {reason}.")
                continue
            sides = f"{_shown(left)} from the left and {_shown(right)} from the right"
            of_part = "" if e == self.whole else f" of `{plain(e)}`"
            slopes = f"the slope{of_part} is {sides}"
            if join_of(e, self.symbol, place) is None:
                verdict = self.at_a_kink(e, place, left, right)
                notes.append(f"{where} {slopes}: {verdict}.")
            else:
                notes.append(f"{where} {slopes}: the derivative exists there too.")
                closed = joined
        if not notes:
            notes.append("Where two cases meet no derivative is claimed.")
        inner = [(self.d(value), condition) for value, condition in closed]
        return rules.CASES, sympy.Piecewise(*inner, evaluate=False), " ".join(notes)


_TIDYING = (
    (rules.ARITHMETIC, worked_out),
    (rules.CANCEL, cancelled),
    (rules.POWERS, powers_joined),
    (rules.COLLECT, joined),
)


def tidied(line: Expr) -> Iterator[Step]:
    """Yield the steps that tidy the last line up, one rule each, until nothing is left."""
    shown = line
    before = None
    while before != line:
        before = line
        for rule, tidy in _TIDYING:
            line = on_one_bar(tidy(line))
            # A new order alone is no line of its own before something else changes.
            if order_form(line) != order_form(shown):
                yield Step(rule, line)
                shown = line
    if line != shown:
        yield Step(rules.REORDER, line)


def _shown(slope: Expr) -> str:
    """Return a slope for a note, numbers that are too long to be read at a glance rounded."""
    long = [number for number in slope.atoms(sympy.Rational) if number.q > 10**9]
    rounded = [sympy.Rational(f"{float(number):.7g}") for number in long]
    near = {n: Decimal(r.p, r.q) for n, r in zip(long, rounded, strict=True)}
    return f"{'about ' * bool(long)}`{plain(slope.xreplace(near))}`"


def _unless_equal(left: Expr, right: Expr) -> str:
    """Return the exception to two slopes being different, where parameters may make one."""
    if (left - right).is_zero is False or not (left - right).free_symbols:
        return ""
    named, other = (left, right) if left.free_symbols else (right, left)
    return f", unless `{plain(named)} = {plain(other)}`"


def _with_letters(names: dict[str, Expr]) -> dict[str, Expr]:
    """Add the names and the letters for inner functions that notes use."""
    letters = {letter: sympy.Symbol(letter, real=True) for letter in "uw"}
    return {**NAMED, **letters, **names}


def _is_plain_product(expression: Expr) -> bool:
    return isinstance(expression, sympy.Mul) and not any(map(is_reciprocal, expression.args))


_NEGATED: dict[type, Callable[..., Expr]] = {
    sympy.StrictLessThan: sympy.Gt,
    sympy.LessThan: sympy.Gt,
    sympy.StrictGreaterThan: sympy.Lt,
    sympy.GreaterThan: sympy.Lt,
}
_OPENED: dict[type, Callable[..., Expr]] = {
    sympy.StrictLessThan: sympy.Lt,
    sympy.LessThan: sympy.Lt,
    sympy.StrictGreaterThan: sympy.Gt,
    sympy.GreaterThan: sympy.Gt,
}


def _strict(condition: Expr) -> list[Expr]:
    """Return the open conditions that together make the inside of a condition."""
    if condition == sympy.true:
        return []
    if isinstance(condition, sympy.And):
        return [part for inner in condition.args for part in _strict(inner)]
    if type(condition) not in _OPENED:
        raise Unsupported(f"the case {condition} is not an inequality")
    return [_OPENED[type(condition)](*condition.args, evaluate=False)]


def _opposite(condition: Expr) -> list[Expr]:
    if condition == sympy.true:
        return []
    if type(condition) not in _NEGATED:
        raise Unsupported(f"the case {plain(condition)} must come last: write its parts apart")
    return [_NEGATED[type(condition)](*condition.args, evaluate=False)]


def _is_less(a: Expr, b: Expr) -> bool | None:
    """Tell whether a < b; None if that depends on parameters."""
    difference = sympy.expand(carried_out(b - a))
    if difference.is_positive or difference.is_nonpositive:
        return bool(difference.is_positive)
    return None


def _conjunction(parts: list[Expr]) -> Expr | None:
    """Return the parts joined, those that follow from others left out; None if empty."""
    lower: dict[Expr, Expr] = {}
    upper: dict[Expr, Expr] = {}
    for part in parts:
        side = lower if isinstance(part, sympy.StrictGreaterThan) else upper
        x, bound = part.args
        if x not in side:
            side[x] = bound
            continue
        inward = _is_less(side[x], bound) if side is lower else _is_less(bound, side[x])
        if inward is None:
            raise Unsupported(
                f"cannot order the ends of the cases, {plain(bound)} and {plain(side[x])}: "
                "say which parameters are positive"
            )
        side[x] = bound if inward else side[x]
    found = []
    for x in dict.fromkeys((*lower, *upper)):
        if x in lower and x in upper and _is_less(lower[x], upper[x]) is False:
            return None
        inside = []
        if x in lower:
            inside.append(sympy.Gt(x, lower[x], evaluate=False))
        if x in upper:
            inside.append(sympy.Lt(x, upper[x], evaluate=False))
        found += inside
    if len(found) > 2:
        raise Unsupported("a case with more than two bounds")
    if not found:
        return sympy.true
    return found[0] if len(found) == 1 else sympy.And(*found, evaluate=False)


_CLOSED: dict[type, Callable[..., Expr]] = {
    sympy.StrictLessThan: sympy.Le,
    sympy.StrictGreaterThan: sympy.Ge,
}


def _closed_at(
    pairs: list[tuple[Expr, Expr]], symbol: Expr, place: Expr
) -> list[tuple[Expr, Expr]] | None:
    """Close the first case that ends at the place; None if no case ends there."""
    for number, (value, condition) in enumerate(pairs):
        parts = condition.args if isinstance(condition, sympy.And) else (condition,)
        for position, part in enumerate(parts):
            if not isinstance(part, Relational) or type(part) not in _CLOSED:
                continue
            if (part.lhs - part.rhs).subs(symbol, place) == 0:
                closed = _CLOSED[type(part)](*part.args, evaluate=False)
                others = [closed if p == position else q for p, q in enumerate(parts)]
                joined = others[0] if len(others) == 1 else sympy.And(*others, evaluate=False)
                return [*pairs[:number], (value, joined), *pairs[number + 1 :]]
    return None
