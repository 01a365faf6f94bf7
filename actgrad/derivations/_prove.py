"""The prover: it shows that each line is equal to the line before.

Exact first: the derivative is carried out by SymPy, case by case between the kinks, and the
difference is reduced to zero. Where that does not succeed within the time limit, 50 digits at
random points in the domain. A step that fails both is refused with a counterexample.
"""

from __future__ import annotations

import ctypes
import enum
import hashlib
import itertools
import random
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import mpmath
import sympy
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations import _numeric, _sums
from actgrad.derivations._expression import (
    At,
    D,
    Definitions,
    Expr,
    IndexSum,
    SumExcept,
    add,
    multiply,
    rebuild,
    size,
    undefine,
    walk,
)
from actgrad.derivations._normal import is_zero

DIGITS = 50
POINTS = 8
SECONDS = 2.0
_MAX_TRIES = 200
_MAX_SWITCHES = 5


class Kind(enum.StrEnum):
    """How an equality was proved."""

    EXACT = "exact"
    NUMERIC = "numeric"


@dataclass(frozen=True)
class Proof:
    """One proved equality: its kind and, if numeric, why the exact route did not do."""

    kind: Kind
    reason: str = ""


class Unproved(AssertionError):
    """Two expressions that should be equal are not, or are not shown to be."""


class TimeLimit(Exception):
    """The work took longer than it may."""


_proofs: dict[Any, Proof] = {}


def prove_equal(
    before: Expr,
    after: Expr,
    definitions: Definitions = (),
    conditions: tuple[Expr, ...] = (),
    *,
    at_kinks: bool = True,
    seconds: float = SECONDS,
) -> Proof:
    """Prove that two expressions are equal, or raise.

    Parameters
    ----------
    before, after
        Expressions, derivatives not carried out.
    definitions
        Pairs (name, meaning) that may be used.
    conditions
        Relations between symbols under which the equality is claimed, such as i != k.
    at_kinks
        Whether the claim is made at the kinks too, where cases meet; False leaves them out.
    seconds
        The time limit for each attempt at an exact proof.

    Returns
    -------
    The proof; its `kind` is exact or numeric.

    Raises
    ------
    Unproved
        With a counterexample where there is one.
    """
    claim = _Claim(definitions, conditions, at_kinks, seconds)
    key = (before, after, claim)
    if key not in _proofs:
        # The whole line is looked at first: most errors show at the first point.
        left, right = undefine(before, definitions), undefine(after, definitions)
        if found := counterexample(left, right, conditions, points=1):
            raise Unproved(found)
        _proofs[key] = _prove(before, after, claim)
    return _proofs[key]


@dataclass(frozen=True)
class _Claim:
    """What two expressions are claimed to be equal under."""

    definitions: Definitions
    conditions: tuple[Expr, ...]
    at_kinks: bool
    seconds: float


def _prove(before: Expr, after: Expr, claim: _Claim) -> Proof:
    if before == after:
        return Proof(Kind.EXACT)
    local = _prove_parts(before, after, claim)
    if local is not None:
        return local
    smaller = _without_common(before, after)
    if smaller is not None:
        try:
            proof = _prove(*smaller, claim)
        except Unproved:
            proof = Proof(Kind.NUMERIC)
        if proof.kind is Kind.EXACT:
            return proof
    left, right = undefine(before, claim.definitions), undefine(after, claim.definitions)
    if left == right:
        return Proof(Kind.EXACT)
    if found := counterexample(left, right, claim.conditions, points=1):
        raise Unproved(found)
    try:
        if within(claim.seconds, lambda: _exactly(left, right, claim)):
            return Proof(Kind.EXACT)
        reason = "the exact method does not reduce the difference to 0"
    except TimeLimit:
        reason = f"the exact method takes longer than {claim.seconds:g} s"
    except Unproved:
        raise
    except Exception as error:  # SymPy fails in many ways; each only costs the exact label.
        reason = f"SymPy fails on it ({type(error).__name__}: {error})"
    if found := counterexample(left, right, claim.conditions, points=POINTS):
        raise Unproved(found)
    return Proof(Kind.NUMERIC, reason)


def _prove_parts(before: Expr, after: Expr, claim: _Claim) -> Proof | None:
    """Prove the parts that differ, where the frame around them is the same.

    Equal parts in equal frames make equal wholes; the other way round says nothing, so a
    part that is not equal only sends the prover back to the whole.
    """
    pairs = _differing_parts(before, after)
    if not pairs:
        return None
    if isinstance(before, D):
        # Inside d/du, u is the variable: what it stands for must not be used.
        inside = tuple(pair for pair in claim.definitions if pair[0] != before.variable)
        claim = replace(claim, definitions=inside)
    if len(pairs) > 1:
        # Cheap to look at, and most often two changes only make sense together.
        for pair in pairs:
            left, right = (undefine(part, claim.definitions) for part in pair)
            try:
                if counterexample(left, right, claim.conditions, points=1):
                    return None
            except Unproved:
                return None
    try:
        proofs = [_prove(old, new, claim) for old, new in pairs]
    except Unproved:
        return None
    return next((proof for proof in proofs if proof.kind == Kind.NUMERIC), proofs[0])


def _without_common(before: Expr, after: Expr) -> tuple[Expr, Expr] | None:
    """Return both sides without the factors, or terms, that they share; None if none."""
    for kind, split, join in (
        (sympy.Mul, _factors, multiply),
        (sympy.Add, _summands, add),
    ):
        if isinstance(before, kind) or isinstance(after, kind):
            mine, theirs = Counter(split(before)), Counter(split(after))
            if not mine & theirs or not all(part.is_commutative for part in mine):
                return None
            rest = [(side - (mine & theirs)).elements() for side in (mine, theirs)]
            neutral = sympy.Integer(kind is sympy.Mul)
            left, right = (join(*(list(parts) or [neutral])) for parts in rest)
            shrunk = size(left) + size(right) < size(before) + size(after)
            return (left, right) if shrunk else None
    return None


def _factors(expression: Expr) -> Iterator[Expr]:
    """Yield the factors of a product, nested ones included, powers factor by factor."""
    if isinstance(expression, sympy.Mul):
        for factor in expression.args:
            yield from _factors(factor)
    elif isinstance(expression, sympy.Pow) and expression.exp in (-2, 2, 3, -3):
        inverse = expression.exp < 0
        for factor in _factors(expression.base):
            once = sympy.Pow(factor, -1, evaluate=False) if inverse else factor
            yield from [once] * abs(int(expression.exp))
    elif isinstance(expression, sympy.Pow) and expression.exp == -1:
        for factor in _factors(expression.base):
            yield sympy.Pow(factor, -1, evaluate=False)
    else:
        yield expression


def _summands(expression: Expr) -> Iterator[Expr]:
    if isinstance(expression, sympy.Add):
        for term in expression.args:
            yield from _summands(term)
    else:
        yield expression


def _differing_parts(before: Expr, after: Expr) -> list[tuple[Expr, Expr]]:
    if before.func != after.func or len(before.args) != len(after.args):
        return []
    if isinstance(before, (sympy.Indexed, AppliedUndef, sympy.KroneckerDelta, At)):
        return []
    if isinstance(before, sympy.Piecewise):
        if [pair.args[1] for pair in before.args] != [pair.args[1] for pair in after.args]:
            return []
        parts = [
            (old.args[0], new.args[0]) for old, new in zip(before.args, after.args, strict=True)
        ]
    elif isinstance(before, (D, IndexSum, SumExcept)):
        if before.args[1:] != after.args[1:]:
            return []
        parts = [(before.args[0], after.args[0])]
    else:
        parts = list(zip(before.args, after.args, strict=True))
    pairs = [(old, new) for old, new in parts if old != new]
    return [] if len(pairs) == len(parts) > 1 else pairs


# The exact route: carry the derivatives out, then reduce the difference to zero.


def _exactly(before: Expr, after: Expr, claim: _Claim) -> bool:
    if claim.conditions or _sums.has_indices(before - after):
        return _equal_by_indices(before, after, claim.conditions)
    equal = all(
        is_zero(carried_out(left) - carried_out(right))
        for left, right, _ in smooth_cases(before, after, ())
    )
    if equal and claim.at_kinks:
        _check_kinks(before, after)
    return equal


def _equal_by_indices(before: Expr, after: Expr, conditions: tuple[Expr, ...]) -> bool:
    difference = carried_out(before) - carried_out(after)
    distinct = frozenset(frozenset(relation.args) for relation in conditions)
    return all(map(is_zero, _sums.cases(difference, distinct)))


def unknown_function(name: str) -> Any:
    """Return an unknown smooth function f of one variable, whose derivative is written f'."""
    return UndefinedFunction(
        name,
        bases=(AppliedUndef,),
        __dict__={"fdiff": lambda self, index=1: unknown_function(name + "'")(*self.args)},
    )


def carried_out(expression: Expr) -> Expr:
    """Return the expression evaluated, its derivatives carried out by SymPy."""
    if not expression.args:
        return expression
    if isinstance(expression, D):
        return sympy.diff(carried_out(expression.expression), expression.variable)
    arguments = [carried_out(argument) for argument in expression.args]
    if isinstance(expression, At):
        return arguments[0].subs(arguments[1], arguments[2])
    if isinstance(expression, AppliedUndef):
        return unknown_function(type(expression).__name__)(*arguments)
    if isinstance(expression, SumExcept):
        return _sums.normalized(SumExcept(*arguments))
    return expression.func(*arguments)


# Case by case: the signs on which Abs, sign, Max, Min and Piecewise switch.

Signs = tuple[tuple[Expr, int], ...]


def _switches(expression: Expr) -> Iterator[Expr]:
    """Yield what decides a case by its sign, innermost first."""
    for argument in expression.args:
        yield from _switches(argument)
    if isinstance(expression, (sympy.Abs, sympy.sign, sympy.Heaviside)):
        yield expression.args[0]
    elif isinstance(expression, MinMaxBase):
        for a, b in itertools.combinations(expression.args, 2):
            yield a - b
    elif isinstance(expression, Relational):
        yield expression.lhs - expression.rhs


def _sign(switch: Expr, signs: Signs) -> int | None:
    switch = sympy.expand(carried_out(switch))
    if switch.is_zero:
        return 0
    if switch.is_positive or switch.is_negative:
        return 1 if switch.is_positive else -1
    for known, sign in signs:
        if switch == known:
            return sign
        ratio = sympy.cancel(switch / known)
        if ratio.is_positive or ratio.is_negative:
            return sign if ratio.is_positive else -sign
    return None


def _resolved(e: Expr, signs: Signs) -> Expr:
    """Return the expression with every case decided that the signs decide."""
    if not e.args:
        return e
    if isinstance(e, sympy.Piecewise):
        return _resolved_piecewise(e, signs)
    e = rebuild(e, tuple(_resolved(argument, signs) for argument in e.args))
    if isinstance(e, (sympy.Abs, sympy.sign)):
        sign = _sign(e.args[0], signs)
        if sign is not None:
            return sign * e.args[0] if isinstance(e, sympy.Abs) else sympy.Integer(sign)
    if isinstance(e, MinMaxBase):
        wanted = 1 if isinstance(e, sympy.Max) else -1
        for candidate in e.args:
            others = [_sign(candidate - other, signs) for other in e.args if other != candidate]
            if all(sign is not None and sign in (wanted, 0) for sign in others):
                return candidate
    return e


def _resolved_piecewise(e: Expr, signs: Signs) -> Expr:
    pairs = []
    for result, condition in (pair.args for pair in e.args):
        decided = _decided(condition, signs)
        if decided is False:
            continue
        pairs.append((_resolved(result, signs), sympy.true if decided else condition))
        if decided:
            break
    if not pairs:
        return sympy.nan
    if pairs[0][1] == sympy.true:
        return pairs[0][0]
    return sympy.Piecewise(*pairs, evaluate=False)


def _decided(condition: Expr, signs: Signs) -> bool | None:
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, sympy.And):
        parts = [_decided(part, signs) for part in condition.args]
        if False in parts:
            return False
        return None if None in parts else True
    if not isinstance(condition, Relational):
        raise NotImplementedError(f"the condition {condition} cannot be decided")
    sign = _sign(_resolved(condition.lhs - condition.rhs, signs), signs)
    return None if sign is None else bool(condition.func(sign, 0))


def _open_switch(expressions: tuple[Expr, ...], signs: Signs) -> Expr | None:
    for expression in expressions:
        for switch in _switches(expression):
            resolved = sympy.expand(carried_out(_resolved(switch, signs)))
            if _sign(resolved, signs) is None and not any(True for _ in _switches(resolved)):
                return resolved
    return None


def smooth_cases(before: Expr, after: Expr, signs: Signs) -> Iterator[tuple[Expr, Expr, Signs]]:
    """Yield both sides, free of switches, for every combination of signs that occurs."""
    before, after = _resolved(before, signs), _resolved(after, signs)
    switch = _open_switch((before, after), signs)
    if switch is None:
        yield before, after, signs
        return
    if len(signs) == _MAX_SWITCHES:
        raise NotImplementedError(f"more than {_MAX_SWITCHES} switches")
    for sign in (1, -1):
        case = (*signs, (switch, sign))
        if _occurs(case):
            yield from smooth_cases(before, after, case)


def _occurs(signs: Signs) -> bool:
    """Tell whether the signs can occur together; in doubt, yes."""
    variables = {v for switch, _ in signs for v in switch.free_symbols if _moves(v)}
    if len(variables) != 1:
        return True
    (x,) = variables
    switches = [switch for switch, _ in signs]
    if not all(switch.is_polynomial(x) for switch in switches):
        return True
    roots = _in_order({root for switch in switches for root in _roots(switch, x)})
    if roots is None:
        return True
    return any(
        all(sympy.sign(switch.subs(x, point)) == sign for switch, sign in signs)
        for point in _points_between(roots)
    )


def _moves(symbol: Expr) -> bool:
    """Tell a variable from a parameter: a parameter's sign is known."""
    return not (symbol.is_positive or symbol.is_negative)


@lru_cache(maxsize=4096)
def _real_roots(switch: Expr, x: Expr) -> tuple[Expr, ...]:
    if sympy.degree(switch, x) == 1:
        return (-switch.subs(x, 0) / switch.coeff(x, 1),)
    return tuple(sympy.real_roots(sympy.Poly(switch, x)))


def _roots(switch: Expr, x: Expr) -> tuple[Expr, ...]:
    """Return the real roots of a polynomial switch; with parameters, of a linear one."""
    if x not in switch.free_symbols or not switch.is_polynomial(x):
        return ()
    if switch.free_symbols != {x} and not _is_linear(switch, x):
        return ()
    return _real_roots(switch, x)


def _is_linear(switch: Expr, x: Expr) -> bool:
    """Tell whether a switch is linear in x, the only variable, with a slope of known sign."""
    if not switch.is_polynomial(x) or sympy.degree(switch, x) != 1:
        return False
    if any(map(_moves, switch.free_symbols - {x})):
        return False
    slope = switch.coeff(x, 1)
    return bool(slope.is_positive or slope.is_negative)


def _in_order(places: set[Expr]) -> list[Expr] | None:
    """Return places in ascending order, None if that depends on parameters."""
    ordered: list[Expr] = []
    for place in places:
        signs = [sympy.sign(place - other) for other in ordered]
        if not all(sign in (-1, 1) for sign in signs):
            return None
        ordered.insert(signs.count(sympy.S.One), place)
    return ordered


def _middle(a: Expr, b: Expr) -> Expr:
    middle = (a + b) / 2
    if middle.free_symbols:
        return middle
    return sympy.nsimplify(middle.evalf(30), rational=True)


def _points_between(roots: list[Expr]) -> list[Expr]:
    if not roots:
        return [sympy.S.Zero]
    between = [_middle(a, b) for a, b in itertools.pairwise(roots)]
    if any(root.free_symbols for root in roots):
        return [roots[0] - 1, *between, roots[-1] + 1]
    below, above = sympy.floor(roots[0]) - 1, sympy.floor(roots[-1]) + 2
    return [below, *between, above]


# At the kinks: what the line says must be true there too.


@lru_cache(maxsize=4096)
def kinks(expression: Expr) -> tuple[tuple[Expr, Expr], ...]:
    """Return the pairs (variable, place) where the expression may pass from case to case."""
    found: dict[tuple[Expr, Expr], None] = {}
    for _, _, signs in smooth_cases(expression, expression, ()):
        switches = [switch for switch, _ in signs]
        for x in sorted({v for switch in switches for v in switch.free_symbols}, key=str):
            found.update({(x, root): None for switch in switches for root in _roots(switch, x)})
    ordered: list[tuple[Expr, Expr]] = []
    for x in sorted({x for x, _ in found}, key=str):
        places = {place for variable, place in found if variable == x}
        ordered += [(x, place) for place in _in_order(places) or sorted(places, key=str)]
    return tuple(ordered)


def _check_kinks(before: Expr, after: Expr) -> None:
    """Refuse a line that claims more at a kink than the line before: a slope at a corner."""
    places = dict.fromkeys((*kinks(before), *kinks(after)))
    for x, place in places:
        right = _at_kink(after, x, place)
        if right is None:
            continue
        left = _at_kink(before, x, place)
        if left is None or not is_zero(left - right):
            shown = "nothing is defined" if left is None else f"it is {left}"
            raise Unproved(f"at {x} = {place}, {shown} before and it is {right} after")


def _at_kink(expression: Expr, x: Expr, place: Expr) -> Expr | None:
    """Return the value at a kink, None where there is none, slopes from both sides compared."""
    if isinstance(expression, D):
        if expression.variable != x:
            raise NotImplementedError("a kink in another variable than the derivative's")
        inner = expression.expression
        sides = [_one_side(inner, x, place, side) for side in (-1, 1)]
        if any(side.has(sympy.nan) for side in sides):
            return None
        values = [_put(side, x, place) for side in sides]
        here = _at_kink(inner, x, place)
        slopes = [_put(sympy.diff(carried_out(side), x), x, place) for side in sides]
        if here is None or not all(is_zero(value - here) for value in values):
            return None
        return slopes[0] if _is_finite(slopes[0]) and is_zero(slopes[0] - slopes[1]) else None
    if isinstance(expression, sympy.Piecewise):
        for result, condition in (pair.args for pair in expression.args):
            if condition == sympy.true or bool(condition.subs(x, place)):
                return _at_kink(result, x, place)
        return None
    if not expression.args:
        return place if expression == x else expression
    arguments = [_at_kink(argument, x, place) for argument in expression.args]
    if any(argument is None for argument in arguments):
        return None
    result = expression.func(*arguments)
    return result if _is_finite(result) else None


class NoSlope(ValueError):
    """A one-sided slope does not exist at a place."""


def slopes_at(expression: Expr, x: Expr, place: Expr) -> tuple[Expr, Expr]:
    """Return the slopes of an expression from the left and from the right of a place.

    Raises
    ------
    NoSlope
        If the expression jumps there, is not defined or is vertical on a side.
    """
    here = _at_kink(expression, x, place)
    slopes = []
    for side in (-1, 1):
        piece = _one_side(expression, x, place, side)
        if here is None or piece.has(sympy.nan):
            raise NoSlope("the function is not defined")
        if not is_zero(_put(piece, x, place) - here):
            raise NoSlope("the function jumps: there is no derivative")
        slope = _put(sympy.diff(carried_out(piece), x), x, place)
        if not _is_finite(slope):
            raise NoSlope("the slope grows without bound")
        slopes.append(slope)
    return slopes[0], slopes[1]


def join_of(expression: Expr, x: Expr, place: Expr) -> Expr | None:
    """Return the derivative where two cases meet, None if there is none."""
    return _at_kink(D(expression, x), x, place)


def _put(expression: Expr, x: Expr, place: Expr) -> Expr:
    return carried_out(expression).subs(x, place)


def _is_finite(expression: Expr) -> bool:
    return not expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)


def _one_side(expression: Expr, x: Expr, place: Expr, side: int) -> Expr:
    """Return the smooth piece that meets the place from the left (-1) or the right (1)."""
    signs: Signs = ()
    while (switch := _open_switch((expression,), signs)) is not None:
        simple = switch.free_symbols == {x} or _is_linear(switch, x)
        roots = _in_order({place, *_roots(switch, x)}) if switch.is_polynomial(x) else None
        if roots is None or not simple:
            raise NotImplementedError(f"the sign of {switch} beside {x} = {place}")
        here = roots.index(place)
        beyond = roots[here + 1 :] if side > 0 else roots[:here][::-1]
        nearest = beyond[0] if beyond else place + 2 * side
        sign = sympy.sign(switch.subs(x, _middle(place, nearest)))
        if sign not in (-1, 1):
            raise NotImplementedError(f"the sign of {switch} beside {x} = {place}")
        signs = (*signs, (switch, int(sign)))
        expression = _resolved(expression, signs)
    return expression


# The numeric route


def counterexample(
    before: Expr, after: Expr, conditions: tuple[Expr, ...] = (), points: int = POINTS
) -> str | None:
    """Return where two expressions differ, or None if they agree at random points.

    Points where `before` is undefined are passed over: a step may widen the domain (x/x = 1),
    not narrow it. Raises `Unproved` when no point of the domain is found.
    """
    if points == POINTS:
        free = before.free_symbols | after.free_symbols
        points = max(points, 2 ** min(6, sum(bool(s.is_integer) for s in free)))
        points = max(points, *(3 * len(ends) for ends in _strata(before, after).values()), 0)
    agreed = 0
    started = time.monotonic()
    # A first look needs no 50 digits.
    digits = DIGITS if points > 1 else DIGITS // 2
    with mpmath.workdps(digits + 10):
        for environment in _environments(before, after, conditions):
            left, right = (_value_or_none(side, environment) for side in (before, after))
            if left is None:
                continue
            if not _agree(left, right, digits):
                # A large difference is no rounding error; a small one is looked at again.
                if not _agree(left, right, 15):
                    return _shown(environment, left, right)
                with mpmath.workdps(4 * DIGITS):
                    left, right = (
                        _value_or_none(side, environment) for side in (before, after)
                    )
                if not _agree(left, right, DIGITS):
                    return _shown(environment, left, right)
            agreed += 1
            slow = agreed >= POINTS and time.monotonic() - started > 20
            if agreed == points or slow:
                return None
    raise Unproved("no random point lies in the domain")


def _agree(left: Any, right: Any, digits: int) -> bool:
    if right is None:
        return False
    scale = max(abs(left), abs(right), mpmath.mpf(10) ** -20)
    return bool(abs(left - right) <= scale * mpmath.mpf(10) ** (10 - digits))


def _value_or_none(expression: Expr, environment: _numeric.Environment) -> Any:
    try:
        return _numeric.value(expression, environment)
    except _numeric.Undefined:
        return None


def _environments(
    before: Expr, after: Expr, conditions: tuple[Expr, ...]
) -> Iterator[dict[Expr, Any]]:
    """Yield random points: the same for the same expressions."""
    parts = [*walk(before), *walk(after), *(part for c in conditions for part in walk(c))]
    bases = sorted({p.base for p in parts if isinstance(p, sympy.Indexed)}, key=str)
    labels = {base.label for base in bases}
    sizes = {p.args[2] for p in parts if isinstance(p, IndexSum)}
    sizes |= {p.args[2] for p in parts if isinstance(p, SumExcept)}
    free = before.free_symbols.union(after.free_symbols, *(c.free_symbols for c in conditions))
    free_symbols = sorted((s for s in free if s.is_Symbol and s not in labels), key=str)
    symbols_of_size = [s for s in free_symbols if s in sizes]
    indices = [s for s in free_symbols if s.is_integer and s not in sizes]
    symbols = [s for s in free_symbols if not s.is_integer]
    strata = _strata(before, after)
    digest = hashlib.sha256(repr((before, after, conditions)).encode()).digest()
    chance = random.Random(digest)
    for attempt in range(_MAX_TRIES):
        environment: dict[Expr, Any] = {}
        for symbol in symbols:
            environment[symbol] = _random(symbol, chance, attempt)
        # So do the cases: the middle one of three may be narrow.
        for symbol, ends in strata.items():
            low, high = ends[attempt % len(ends)]
            environment[symbol] = mpmath.mpf(repr(chance.uniform(low, high)))
        # Indices run through all combinations: by chance, equal ones might never come up.
        for place, index in enumerate(indices):
            environment[index] = 1 + (attempt >> place) % 2
        for extent in symbols_of_size:
            environment[extent] = chance.randint(2, 3)
        for base in bases:
            environment[base] = _random_array(chance)
        if all(_numeric.holds(condition, environment) for condition in conditions):
            yield environment


def _strata(before: Expr, after: Expr) -> dict[Expr, list[tuple[float, float]]]:
    """Return the intervals between the kinks of each variable."""
    if not any(True for side in (before, after) for _ in _switches(side)):
        return {}
    places: dict[Expr, list[float]] = {}
    for side in (before, after):
        try:
            for x, place in kinks(side):
                if not place.free_symbols:
                    places.setdefault(x, []).append(float(place))
        except NotImplementedError:
            continue
    strata = {}
    for x, found in places.items():
        ends = sorted(set(found))
        ends = [ends[0] - 3, *ends, ends[-1] + 3]
        strata[x] = list(itertools.pairwise(ends))
    return strata


def _random(symbol: Expr, chance: random.Random, attempt: int) -> Any:
    # Where no small number lies in the domain, as for ln ln ln x, large ones may.
    span = (1, 3, 10)[attempt % 3] if attempt < 60 else (30, 100, 10**6)[attempt % 3]
    if symbol.is_negative:
        return mpmath.mpf(repr(chance.uniform(-span, -0.05)))
    if symbol.is_positive:
        return mpmath.mpf(repr(chance.uniform(0.05, span)))
    return mpmath.mpf(repr(chance.uniform(-span, span)))


def _random_array(chance: random.Random) -> Callable[..., Any]:
    entries: dict[tuple[int, ...], Any] = {}

    def array(*indices: int) -> Any:
        if indices not in entries:
            entries[indices] = mpmath.mpf(repr(chance.uniform(-1.5, 1.5)))
        return entries[indices]

    return array


def _shown(environment: dict[Expr, Any], left: Any, right: Any) -> str:
    numbers = [
        f"{name} = {mpmath.nstr(value, 6) if isinstance(value, mpmath.mpf) else value}"
        for name, value in environment.items()
        if not callable(value)
    ]
    sides = ["undefined" if v is None else mpmath.nstr(v, 12) for v in (left, right)]
    place = ", ".join(numbers) or "everywhere"
    return f"at {place} the line before is {sides[0]} and this line is {sides[1]}"


# The time limit


def within(seconds: float, work: Callable[[], bool]) -> bool:
    """Return what `work` returns, or raise `TimeLimit` after so many seconds.

    The work runs in a thread of its own, so that the limit holds on every platform and off the
    main thread; the thread is stopped by an exception raised inside it. Where there are no
    threads (Python in a browser) the work runs without a limit, and a warning says so.
    """
    outcome: list[bool | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        warnings.warn(
            "no threads here: proofs run without a time limit", RuntimeWarning, stacklevel=2
        )
        run()
    else:
        try:
            thread.join(seconds)
        finally:
            # Also where a limit outside of this one has run out.
            while thread.is_alive():
                ident = ctypes.c_ulong(thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(TimeLimit))
                thread.join(0.1)
    (result,) = outcome
    if isinstance(result, BaseException):
        raise result
    return result
