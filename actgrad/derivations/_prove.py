"""The prover: it shows that each line is equal to the line before.

Exact first: the derivative is carried out by SymPy, case by case between the kinks, and the
difference is reduced to zero. Where that does not succeed within the time limit, 50 digits at
random points in the domain. A step that fails both is refused with a counterexample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from actgrad.derivations import _sums
from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._cases import Signs, check_kinks, decided_signs, smooth_cases
from actgrad.derivations._counterexample import POINTS, counterexample
from actgrad.derivations._expression import (
    At,
    D,
    Definitions,
    Expr,
    IndexSum,
    add,
    contains,
    multiply,
    size,
    undefine,
)
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._normal import is_zero
from actgrad.derivations._proof import Kind, Proof, Unproved

SECONDS = 2.0

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
    attempts = (attempt(before, after, claim) for attempt in _ATTEMPTS)
    return next(proof for proof in attempts if proof is not None)


def _prove_identical(before: Expr, after: Expr, claim: _Claim) -> Proof | None:
    return Proof(Kind.EXACT) if before == after else None


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


def _prove_without_common(before: Expr, after: Expr, claim: _Claim) -> Proof | None:
    """Prove what is left without the factors, or terms, that both sides share."""
    smaller = _without_common(before, after)
    if smaller is None:
        return None
    try:
        proof = _prove(*smaller, claim)
    except Unproved:
        return None
    return proof if proof.kind is Kind.EXACT else None


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
    elif isinstance(before, (D, IndexSum)):
        if before.args[1:] != after.args[1:]:
            return []
        parts = [(before.args[0], after.args[0])]
    else:
        parts = list(zip(before.args, after.args, strict=True))
    pairs = [(old, new) for old, new in parts if old != new]
    return [] if len(pairs) == len(parts) > 1 else pairs


def _prove_whole(before: Expr, after: Expr, claim: _Claim) -> Proof:
    """Prove with all names replaced: exactly, else test in numbers; raise if neither does."""
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


# The last one decides.
_ATTEMPTS: tuple[Callable[[Expr, Expr, _Claim], Proof | None], ...] = (
    _prove_identical,
    _prove_parts,
    _prove_without_common,
    _prove_whole,
)


# The exact route: carry the derivatives out, then reduce the difference to zero.


def _exactly(before: Expr, after: Expr, claim: _Claim) -> bool:
    if claim.conditions or _sums.has_indices(before - after):
        return _equal_by_indices(before, after, claim.conditions)
    derivatives = contains(before, D) or contains(after, D)
    if not derivatives and carried_out(before) == carried_out(after):
        return True  # SymPy joins maxima, and so on, as it evaluates
    differences = [
        _signed(carried_out(left) - carried_out(right), signs)
        for left, right, signs in smooth_cases(before, after, ())
    ]
    equal = all(map(is_zero, differences))
    for constant in map(sympy.expand, () if equal else differences):
        # Too small, perhaps, for the digits of the numeric route to show.
        if constant.is_Number and constant.is_zero is False:
            raise Unproved(f"the line before is larger by {constant}")
    if equal and claim.at_kinks:
        check_kinks(before, after)
    return equal


def _signed(expression: Expr, signs: Signs) -> Expr:
    """Return the expression of a case with each variable whose sign the case decides."""
    return expression.subs(
        {
            x: sympy.Symbol(x.name, **{"positive" if sign > 0 else "negative": True})
            for x, sign in decided_signs(signs).items()
        }
    )


def _equal_by_indices(before: Expr, after: Expr, conditions: tuple[Expr, ...]) -> bool:
    difference = carried_out(before) - carried_out(after)
    distinct = frozenset(frozenset(relation.args) for relation in conditions)
    return all(map(is_zero, _sums.cases(difference, distinct)))
