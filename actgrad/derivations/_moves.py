"""What each rule makes of a part of a line: the rules, applied.

A *move* yields what its rule makes of one part. `carried_out` makes the check of a calculus
rule from a move on derivatives, `rewritten` that of an algebra rule from a move on any part:
the next line must be the line before with the move made at one or several places. `within`
makes the check of an algebra rule from the theory whose identities it uses.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._expression import (
    D,
    Definitions,
    Expr,
    IndexSum,
    SumExcept,
    add,
    at,
    bars,
    divide,
    find,
    instance,
    is_reciprocal,
    matches,
    multiply,
    negate,
    numerator_and_denominator,
    raise_to,
    replace_all,
    replace_at,
    undefine,
    walk,
)
from actgrad.derivations._forms import Theory, derivatives, form, order_form, weight
from actgrad.derivations._rule import Change, Check

Move = Callable[[Expr, Change], Iterator[Expr]]
_MOST = 3000


def depends(expression: Expr, variable: Expr, definitions: Definitions = ()) -> bool:
    """Tell whether an expression depends on a variable, defined names seen through."""
    whole = undefine(expression, definitions)
    if isinstance(variable, sympy.Indexed):
        return any(
            isinstance(part, sympy.Indexed) and part.base == variable.base
            for part in walk(whole)
        )
    return variable in whole.free_symbols or variable in expression.free_symbols


def carried_out(move: Move) -> Check:
    """Return the check of a calculus rule: derivatives become what it makes of them."""

    def check(change: Change) -> bool:
        goal = order_form(change.after)
        return any(order_form(line) == goal for line in _carried_out(move, change))

    return check


def _carried_out(move: Move, change: Change) -> Iterator[Expr]:
    left = derivatives(change.after)
    choices: list[list[tuple[Any, Expr | None]]] = []
    for path in find(change.before, lambda part: isinstance(part, D)):
        d = at(change.before, path)
        made: list[tuple[Any, Expr | None]] = [(path, result) for result in move(d, change)]
        # A derivative that the next line does not have must have been carried out.
        if order_form(d) in left:
            made.append((path, None))
        if not made:
            return
        choices.append(made)
    for chosen in itertools.islice(itertools.product(*choices), _MOST):
        line = change.before
        for path, result in chosen:
            if result is not None:
                line = replace_at(line, path, result)
        if line != change.before:
            yield line


def rewritten(move: Move, theory: Theory | None = None, times: int = 3) -> Check:
    """Return the check of an algebra rule: the move, made one to three times, in any places.

    What it makes is compared with the next line in the theory, or up to order alone.
    """

    def same(line: Expr) -> object:
        return order_form(line) if theory is None else form(line, theory)

    def check(change: Change) -> bool:
        if same(change.before) == (goal := same(change.after)):
            return False
        lines = {order_form(change.before): change.before}
        seen = 0
        for _ in range(times):
            found: dict[object, Expr] = {}
            for line in lines.values():
                for path in find(line, lambda part: True):
                    for result in move(at(line, path), change):
                        seen += 1
                        new = replace_at(line, path, result)
                        if same(new) == goal:
                            return True
                        found[order_form(new)] = new
                if seen > _MOST:
                    return False
            lines = found
        return False

    return check


def backwards(check: Check) -> Check:
    """Return the check of the same rule, read from the end."""
    return lambda change: check(change.reversed())


def either(*checks: Check) -> Check:
    return lambda change: any(check(change) for check in checks)


def both(*checks: Check) -> Check:
    return lambda change: all(check(change) for check in checks)


def within(theory: Theory, *smaller: Theory, measure: Callable[[Expr], int] = weight) -> Check:
    """Return the check of a rule that is a theory: that one is needed, no smaller one does.

    The measure falls: it tells the rule from its converse.
    """

    def check(change: Change) -> bool:
        def same(these: Theory) -> bool:
            return form(change.before, these) == form(change.after, these)

        return (
            order_form(change.before) != order_form(change.after)
            and same(theory)
            and not any(map(same, smaller))
            and measure(change.after) < measure(change.before)
        )

    return check


def equal_in(theory: Theory) -> Check:
    """Return the check that both lines are equal in a theory: a necessary condition."""
    return lambda change: form(change.before, theory) == form(change.after, theory)


# Calculus: what becomes of d(e)/dx


def constant(d: Expr, change: Change) -> Iterator[Expr]:
    if not depends(d.expression, d.variable, change.definitions):
        yield sympy.Integer(0)


def identity(d: Expr, change: Change) -> Iterator[Expr]:
    if d.expression == d.variable:
        yield sympy.Integer(1)


def of_sum(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield d/dx term by term; terms that are sums may be taken apart, a minus put before."""
    e, x = d.args
    if isinstance(e, IndexSum):
        yield IndexSum(D(e.args[0], x), *e.args[1:])
    elif isinstance(e, SumExcept):
        yield SumExcept(D(e.args[0], x), *e.args[1:])
    elif isinstance(e, sympy.Add):
        terms = []
        for term in e.args:
            ways = [D(term, x), *of_sum(D(term, x), change)]
            if isinstance(term, sympy.Mul) and term.args[0] == -1:
                ways.append(negate(D(multiply(*term.args[1:]), x)))
            elif term.is_Number and term.is_negative:
                ways.append(negate(D(-term, x)))
            terms.append(ways)
        for chosen in itertools.product(*terms):
            yield add(*chosen)


def constant_multiple(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if not isinstance(e, sympy.Mul):
        return
    free = [f for f in e.args if not depends(f, x, change.definitions)]
    if len(free) == len(e.args):
        return
    for chosen in dict.fromkeys((tuple(free), *((f,) for f in free))):
        if chosen:
            rest = [f for f in e.args if f not in chosen]
            yield multiply(*chosen, D(multiply(*rest), x))


def product(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if not isinstance(e, sympy.Mul):
        return
    fractions = [
        divide(multiply(*above), multiply(*below)) if below else multiply(*above)
        for above, below in bars(e)
    ]
    for factors in ([*e.args], fractions):
        if len(factors) > 1:
            yield add(
                *(
                    multiply(*(D(f, x) if n == place else f for n, f in enumerate(factors)))
                    for place in range(len(factors))
                )
            )


def quotient(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    u, v = numerator_and_denominator(e)
    if v != 1:
        top = add(multiply(v, D(u, x)), negate(multiply(u, D(v, x))))
        yield multiply(top, raise_to(v, -2))


def reciprocal(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if is_reciprocal(e):
        v = raise_to(e.base, -e.exp) if e.exp != -1 else e.base
        yield multiply(-1, raise_to(v, -2), *_inner(v, x))


def _inner(u: Expr, x: Expr) -> tuple[Expr, ...]:
    return () if u == x else (D(u, x),)


def _powers(base: Expr, exponent: Expr) -> Iterator[Expr]:
    less = exponent - 1 if exponent.is_Number else add(exponent, -1)
    yield multiply(exponent, base if less == 1 else raise_to(base, less))


def power(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Pow) and e.base == x and not depends(e.exp, x, change.definitions):
        yield from _powers(e.base, e.exp)


def exponential_of_a_base(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Pow) and e.exp == x and not depends(e.base, x, change.definitions):
        yield multiply(e, sympy.log(e.base, evaluate=False))


def function(head: Any, statement: Expr) -> Move:
    """Return the move that reads the derivative of a function off its rule's statement."""

    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        if type(e) is head and e.args == (x,):
            yield replace_all(statement, sympy.Symbol("x", real=True), x)

    return move


def outer_derivatives(
    e: Expr, x: Expr, change: Change, slopes: Callable[[type], Expr | None]
) -> Iterator[tuple[Expr, Expr]]:
    """Yield (inner function, derivative of the outer function at it) for each way to see e."""
    if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
        base, exponent = e.args
        if not depends(exponent, x, change.definitions):
            for outer in _powers(base, exponent):
                yield base, outer
        if not depends(base, x, change.definitions):
            yield exponent, multiply(e, sympy.log(base, evaluate=False))
    elif isinstance(e, AppliedUndef) and len(e.args) == 1:
        if not any(matches(name, e) for name, _ in change.definitions):
            yield e.args[0], unknown_function(type(e).__name__ + "'")(*e.args)
    elif len(e.args) == 1 and (statement := slopes(type(e))) is not None:
        (u,) = e.args
        yield u, replace_all(statement, sympy.Symbol("x", real=True), u)


def chain(slopes: Callable[[type], Expr | None]) -> Move:
    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        for u, outer in outer_derivatives(e, x, change, slopes):
            if u != x and depends(u, x, change.definitions):
                yield multiply(outer, D(u, x))
        # In Leibniz' notation, with a named inner function.
        for name, _ in change.definitions:
            if name.is_Symbol and name != x and name in e.free_symbols and name != e:
                yield multiply(D(e, name), D(name, x))

    return move


def _slope(u: Expr, x: Expr) -> tuple[Expr, Expr] | None:
    """Return v and a of u = a*v + b, where v is a variable; None if u has no such form."""
    terms = u.args if isinstance(u, sympy.Add) else (u,)
    moving = [term for term in terms if depends(term, x)]
    if len(moving) != 1:
        return None
    factors = moving[0].args if isinstance(moving[0], sympy.Mul) else moving
    inner = [factor for factor in factors if depends(factor, x)]
    if len(inner) != 1 or not (inner[0] == x or isinstance(inner[0], sympy.Indexed)):
        return None
    return inner[0], multiply(*[f for f in factors if f is not inner[0]] or [sympy.Integer(1)])


def linear(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    found = _slope(e, x)
    if found is not None and found[0] == x and e != x:
        yield found[1]


def linear_chain(slopes: Callable[[type], Expr | None]) -> Move:
    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        for u, outer in outer_derivatives(e, x, change, slopes):
            found = _slope(u, x)
            if found is not None and u != found[0]:
                v, slope = found
                yield multiply(slope, outer, *_inner(v, x))

    return move


def cases(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield the case distinctions of the next line that differentiate the pieces of e."""
    e, x = d.args
    if isinstance(e, sympy.Piecewise):
        pieces = [pair.args[0] for pair in e.args]
    elif isinstance(e, MinMaxBase):
        pieces = [*e.args]
        if len(pieces) > 2:
            pieces += [
                e.func(*some, evaluate=False)
                for some in itertools.combinations(pieces, len(pieces) - 1)
            ]
    elif isinstance(e, sympy.Abs):
        pieces = [e.args[0], negate(e.args[0])]
    else:
        return
    wanted = {order_form(D(piece, x)) for piece in pieces}
    for part in walk(change.after):
        if isinstance(part, sympy.Piecewise):
            values = [pair.args[0] for pair in part.args]
            if all(isinstance(v, D) and order_form(v) in wanted for v in values):
                yield part


def partial(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Indexed) and isinstance(x, sympy.Indexed) and e.base == x.base:
        if e == x:
            yield sympy.Integer(1)
            return
        deltas = [sympy.KroneckerDelta(a, b) for a, b in zip(e.indices, x.indices, strict=True)]
        yield multiply(*(delta for delta in deltas if delta != 1))
        yield sympy.Integer(0)


def known(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield the result of the known derivation, for the arguments that stand here."""
    derivation = change.known
    if derivation is None or derivation.symbol is None:
        return
    e, x = d.args
    subject, symbol, result = derivation.subject, derivation.symbol, derivation.result
    whole = undefine(e, change.definitions), undefine(subject, derivation.definitions)
    meanings = itertools.product((e, whole[0]), (subject, whole[1]))
    if isinstance(symbol, sympy.Indexed):
        if not (isinstance(e, sympy.Indexed) and isinstance(x, sympy.Indexed)):
            return
        if e.base != subject.base or x.base != symbol.base:
            return
        old = (*subject.indices, *symbol.indices)
        renamed = dict(zip(old, (*e.indices, *x.indices), strict=True))
        if order_form(whole[0]) == order_form(_renamed(whole[1], renamed)):
            yield _renamed(result, renamed)
        return
    for target, pattern in meanings:
        for u in dict.fromkeys(walk(target)):
            if order_form(replace_all(pattern, symbol, u)) == order_form(target):
                here = replace_all(result, symbol, u)
                here = replace_all(here, replace_all(subject, symbol, u), e)
                yield multiply(here, *_inner(u, x))


def _renamed(expression: Expr, names: dict[Expr, Expr]) -> Expr:
    """Rename letters at the same time; bound ones stay."""
    fresh = {old: sympy.Dummy(old.name, **old.assumptions0) for old in names}
    for old, dummy in fresh.items():
        expression = replace_all(expression, old, dummy)
    for old, new in names.items():
        expression = replace_all(expression, fresh[old], new)
    return expression


def known_equality(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield one side of a known chain that differentiates nothing for the other."""
    derivation = change.known
    if derivation is not None and derivation.symbol is None:
        sides = derivation.start, derivation.result
        for side, other in (sides, sides[::-1]):
            if order_form(e) == order_form(side):
                yield other


def parts_put_in(change: Change) -> bool:
    """Tell whether the results of the parts stand in their places, and nothing else changed."""
    line = change.before
    for part in change.parts:
        # A part that stands on other names, or on conditions, shows nothing here.
        if part.conditions or not set(part.definitions) <= set(change.definitions):
            return False
        line = replace_all(line, part.start, part.result)
    return bool(change.parts) and line == change.after


# Algebra: what becomes of a part


def is_sum(e: Expr) -> bool:
    return isinstance(e, (sympy.Add, IndexSum, SumExcept))


def distributed(accepts: Callable[[Expr], bool]) -> Move:
    """Return the move that multiplies factors into a sum, once; only factors accepted."""

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        if not isinstance(e, sympy.Mul) or not any(map(is_sum, _flat(e))):
            return
        factors = _flat(e)
        for place, bracket in enumerate(factors):
            if not is_sum(bracket):
                continue
            others = [*factors[:place], *factors[place + 1 :]]
            able = [n for n, factor in enumerate(others) if accepts(factor)]
            for size in range(1, len(able) + 1):
                for chosen in itertools.combinations(able, size):
                    inside = [others[n] for n in chosen]
                    kept = [f for n, f in enumerate(others) if n not in chosen]
                    for opened in _times(inside, bracket):
                        yield multiply(*kept, opened)

    return move


def _flat(e: Expr) -> list[Expr]:
    if isinstance(e, sympy.Mul):
        return [factor for part in e.args for factor in _flat(part)]
    return [e]


def _times(factors: list[Expr], bracket: Expr) -> Iterator[Expr]:
    """Yield the factors times the bracket, term by term or group of neighbours by group."""
    if not isinstance(bracket, sympy.Add):
        yield bracket.func(multiply(*factors, bracket.args[0]), *bracket.args[1:])
        return
    terms = bracket.args
    for cuts in itertools.product((True, False), repeat=min(len(terms), 6) - 1):
        groups = [[terms[0]]]
        for term, cut in itertools.zip_longest(terms[1:], cuts, fillvalue=True):
            if cut:
                groups.append([term])
            else:
                groups[-1].append(term)
        if len(groups) > 1:
            yield add(*(multiply(*factors, add(*group)) for group in groups))


def without_opposites(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield a sum without two terms that add up to 0."""
    if not isinstance(e, sympy.Add):
        return
    terms = _flat_terms(e)
    nothing = form(sympy.Integer(0), Theory.TERMS)
    for a, b in itertools.combinations(range(len(terms)), 2):
        if form(add(terms[a], terms[b]), Theory.TERMS) == nothing:
            rest = [term for n, term in enumerate(terms) if n not in (a, b)]
            if rest:
                yield add(*rest)


def _flat_terms(e: Expr) -> list[Expr]:
    if isinstance(e, sympy.Add):
        return [term for part in e.args for term in _flat_terms(part)]
    return [e]


def into_cases(e: Expr, change: Change) -> Iterator[Expr]:
    if not isinstance(e, sympy.Mul):
        return
    for place, factor in enumerate(e.args):
        if isinstance(factor, sympy.Piecewise):
            others = [*e.args[:place], *e.args[place + 1 :]]
            pairs = [(multiply(*others, p.args[0]), p.args[1]) for p in factor.args]
            yield sympy.Piecewise(*pairs, evaluate=False)


def four_products(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield 4ab for (a + b)^2 - (a - b)^2."""
    if not (isinstance(e, sympy.Add) and len(e.args) == 2):
        return
    plus, minus = e.args
    if not (isinstance(minus, sympy.Mul) and minus.args[0] == -1 and len(minus.args) == 2):
        return
    squares = plus, minus.args[1]
    if all(isinstance(s, sympy.Pow) and s.exp == 2 and is_sum(s.base) for s in squares):
        total, difference = (s.base for s in squares)
        for a in total.args:
            b = add(*(term for term in total.args if term is not a))
            if order_form(difference) in (
                order_form(add(a, multiply(-1, b))),
                order_form(add(a, negate(b))),
            ):
                yield multiply(4, a, b)


def flat_extremum(e: Expr, change: Change) -> Iterator[Expr]:
    if isinstance(e, MinMaxBase) and (joined := e.func(*e.args)) != e:
        yield joined


def as_exponential(e: Expr, change: Change) -> Iterator[Expr]:
    if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
        yield sympy.exp(multiply(e.exp, sympy.log(e.base, evaluate=False)), evaluate=False)


def instances(left: Expr, right: Expr) -> Move:
    """Return the move that puts one side of an identity in x for the other, at any argument."""
    heads = tuple(type(f) for f in walk(left) if isinstance(f, sympy.Function))

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        x = sympy.Symbol("x", real=True)
        if not isinstance(e, sympy.Add):
            return
        arguments = {f.args[0] for f in walk(e) if isinstance(f, heads)}
        for u in arguments:
            pattern = replace_all(left, x, u)
            for some in itertools.combinations(e.args, len(pattern.args)):
                if order_form(add(*some)) == order_form(pattern):
                    rest = [term for term in e.args if term not in some]
                    yield add(replace_all(right, x, u), *rest)

    return move


def one_index_apart(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield the term of one index and the sum over the others, deltas known in both."""
    if not isinstance(e, IndexSum):
        return
    term, index, last = e.args
    letters = {
        s for s in change.before.free_symbols | change.after.free_symbols if s.is_integer
    }
    for k in letters - {index, last}:
        delta = sympy.KroneckerDelta(index, k)
        alone = replace_all(replace_all(term, delta, sympy.Integer(1)), index, k)
        others = replace_all(term, delta, sympy.Integer(0))
        yield add(alone, SumExcept(others, index, last, k))


def sifted(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield the one term of a sum that its delta leaves."""
    if isinstance(e, IndexSum):
        term, index, _ = e.args
        yield from _sifted(term, index)


def _sifted(term: Expr, index: Expr) -> Iterator[Expr]:
    if isinstance(term, IndexSum):
        for inner in _sifted(term.args[0], index):
            yield IndexSum(inner, *term.args[1:])
    factors = _flat(term)
    for place, factor in enumerate(factors):
        if isinstance(factor, sympy.KroneckerDelta) and index in factor.args:
            (other,) = set(factor.args) - {index}
            rest = [*factors[:place], *factors[place + 1 :]]
            yield replace_all(multiply(*rest or [sympy.Integer(1)]), index, other)


def delta_for_cases(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield delta*u + (1 - delta)*v for the cases i = k and i != k."""
    if isinstance(e, sympy.Piecewise) and len(e.args) == 2:
        (u, equal), (v, _) = (pair.args for pair in e.args)
        if isinstance(equal, sympy.Eq):
            delta = sympy.KroneckerDelta(*equal.args)
            yield add(multiply(delta, u), multiply(add(1, multiply(-1, delta)), v))


def defined(letters: bool | None = None) -> Move:
    """Return the move that puts in what a name stands for; letters only, or all but letters."""

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        for name, value in change.definitions:
            if matches(name, e) and letters in (None, bool(name.is_Symbol)):
                yield instance(name, value, e)

    return move


# What falls as a rule is used


def brackets(e: Expr) -> int:
    """Return how many products and powers of sums a line has."""
    count = 0
    for part in walk(e):
        if isinstance(part, sympy.Mul):
            count += sum(map(is_sum, part.args)) * (len(part.args) > 1)
        if isinstance(part, sympy.Pow) and is_sum(part.base) and part.exp.is_Integer:
            count += max(0, int(part.exp) - 1)
    return count


def sums_with_a_gap(e: Expr) -> int:
    """Return how many sums leave out an index."""
    return sum(1 for part in walk(e) if isinstance(part, SumExcept))


def fewer_bars(e: Expr) -> int:
    """Return how few fractions a line shows: it falls as there are more."""
    return -sum(1 for part in walk(e) if is_reciprocal(part))


def occurrences(e: Expr) -> int:
    """Return how many terms and factors a line has, numbers apart."""
    count = 0
    for part in walk(e):
        if isinstance(part, (sympy.Add, sympy.Mul)):
            inside = _flat_terms(part) if isinstance(part, sympy.Add) else _flat(part)
            count += sum(not term.is_number for term in inside)
    return count
