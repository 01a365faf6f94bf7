"""Case by case: the signs on which Abs, sign, Max, Min and Piecewise switch, and the kinks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache

import sympy
from sympy.core.relational import Relational
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._expression import D, Expr, rebuild
from actgrad.derivations._normal import is_zero
from actgrad.derivations._proof import Unproved
from actgrad.derivations._tidy import worked_out

_MAX_SWITCHES = 5

Signs = tuple[tuple[Expr, int], ...]


def switches_of(expression: Expr) -> Iterator[Expr]:
    """Yield what decides a case by its sign, innermost first."""
    for argument in expression.args:
        yield from switches_of(argument)
    if isinstance(expression, (sympy.Abs, sympy.sign, sympy.Heaviside)):
        yield expression.args[0]
    elif isinstance(expression, MinMaxBase):
        for a, b in itertools.combinations(expression.args, 2):
            yield a - b
    elif isinstance(expression, Relational):
        yield expression.lhs - expression.rhs


def _of_the_same_sign(switch: Expr) -> Expr:
    """Return a simpler expression with the sign of the switch: u for c*e^u - c, c > 0."""
    switch = sympy.expand(carried_out(switch))
    for term, other in itertools.permutations(sympy.Add.make_args(switch), 2):
        if term + other == switch and (other.is_positive or other.is_negative):
            ratio = sympy.cancel(-term / other)
            if isinstance(ratio, sympy.exp):
                exponent = ratio.args[0]
                return exponent if other.is_negative else -exponent
    return switch


def _sign(switch: Expr, signs: Signs) -> int | None:
    switch = _of_the_same_sign(switch)
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
    if isinstance(condition, sympy.ITE):
        asked, yes, no = condition.args
        decided = _decided(asked, signs)
        return None if decided is None else _decided(yes if decided else no, signs)
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
        for switch in switches_of(expression):
            resolved = _of_the_same_sign(_resolved(switch, signs))
            if _sign(resolved, signs) is None and not any(True for _ in switches_of(resolved)):
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


def decided_signs(signs: Signs) -> dict[Expr, int]:
    """Return the sign of each variable that has one sign only in a case, as x has for x > 1."""
    variables = {v for switch, _ in signs for v in switch.free_symbols if _moves(v)}
    return {
        x: sign
        for x in variables
        for sign in (1, -1)
        if (x, sign) in signs or not _occurs((*signs, (x, -sign)))
    }


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


def points_in_cases(before: Expr, after: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield pairs (variable, point): a point of every case of both expressions.

    Raises
    ------
    NotImplementedError
        If where a case ends is not the root of a rational function of one variable.
    """
    places: dict[Expr, set[Expr]] = {}
    for _, _, signs in smooth_cases(before, after, ()):
        for switch, _ in signs:
            sides = sympy.fraction(sympy.together(switch))
            letters = switch.free_symbols
            if len(letters) > 1 or not all(side.is_polynomial(*letters) for side in sides):
                raise NotImplementedError(f"where the sign of {switch} changes is not known")
            for x in letters:
                places.setdefault(x, set()).update(r for side in sides for r in _roots(side, x))
    for x, found in places.items():
        yield from ((x, point) for point in _points_between(_in_order(found) or []))


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


def check_kinks(before: Expr, after: Expr) -> None:
    """Refuse a line that claims more at a kink than the line before: a slope at a corner."""
    places = dict.fromkeys((*kinks(before), *kinks(after)))
    for x, place in places:
        right = _at_kink(after, x, place)
        if right is None:
            continue
        left = _at_kink(before, x, place)
        if left is None or not is_zero(left - right):
            shown = "has no value" if left is None else f"is {left}"
            raise Unproved(f"at {x} = {place} the line before {shown} and this line is {right}")


def _at_kink(expression: Expr, x: Expr, place: Expr) -> Expr | None:
    """Return the value at a kink, None where there is none, slopes from both sides compared."""
    if isinstance(expression, D):
        if expression.variable != x:
            raise NotImplementedError("a kink in another variable than the derivative's")
        inner = expression.expression
        sides = [one_side(inner, x, place, side) for side in (-1, 1)]
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
        piece = one_side(expression, x, place, side)
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


@lru_cache(maxsize=4096)
def case_by_case(expression: Expr, x: Expr) -> Expr | None:
    """Return the formula between each two kinks, from left to right, as a case distinction.

    None where there is no kink, or where signs or the order of the kinks are not known.
    """
    try:
        places = _in_order({place for variable, place in kinks(expression) if variable == x})
        if not places:
            return None
        pieces = [one_side(expression, x, places[0], -1)]
        pieces += [one_side(expression, x, place, 1) for place in places]
        here = [_at_kink(expression, x, place) for place in places]
    except NotImplementedError:
        return None
    pairs: list[tuple[Expr, Expr]] = []
    value = pieces[0]
    for place, value_there, piece in zip(places, here, pieces[1:], strict=True):
        # At its left end a case claims what the expression is there.
        if value_there is None or not is_zero(value_there - _put(piece, x, place)):
            return None
        if not is_zero(carried_out(value) - carried_out(piece)):
            pairs.append((worked_out(value), sympy.Lt(x, place, evaluate=False)))
            value = piece
    if not pairs:
        return None
    return sympy.Piecewise(*pairs, (worked_out(value), True), evaluate=False)


def _put(expression: Expr, x: Expr, place: Expr) -> Expr:
    return carried_out(expression).subs(x, place)


def _is_finite(expression: Expr) -> bool:
    return not expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)


def one_side(expression: Expr, x: Expr, place: Expr, side: int) -> Expr:
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
