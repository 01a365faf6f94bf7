"""The derivative from the output alone: f' = P(f), or two inputs that rule such a P out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import mpmath
import sympy

from actgrad.derivations import _numeric
from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._cases import smooth_cases
from actgrad.derivations._counterexample import DIGITS
from actgrad.derivations._expression import D, Expr, size, undefine
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._normal import is_zero
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Kind, Proof, Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._tidy import collected

_GRID = [n / 8 for n in range(-64, 65)]
_OFFSET = 1 / 32
_SECONDS = 20.0


@dataclass(frozen=True)
class Witness:
    """Two inputs with the same output and different slopes."""

    inputs: tuple[Any, Any]
    output: Any
    slopes: tuple[Any, Any]

    def __str__(self) -> str:
        a, b, y, p, q = (
            mpmath.nstr(number, 10) for number in (*self.inputs, self.output, *self.slopes)
        )
        return (
            f"the inputs {a} and {b} have the same output {y}, but the slopes {p} and {q}: the "
            "output alone does not tell which it is"
        )


@dataclass(frozen=True)
class OutputForm:
    """What the output tells about the derivative.

    Parameters
    ----------
    subject, symbol, output
        The function f(x), the input x and the letter y for the output.
    cases
        Pairs (condition on y, derivative in terms of y); empty if there is no such form.
    proofs
        One proof for each case.
    witness
        Two inputs that rule such a form out, or None.
    reason
        One sentence.
    """

    subject: Expr
    symbol: Expr
    output: Expr
    cases: tuple[tuple[Expr, Expr], ...]
    proofs: tuple[Proof, ...]
    witness: Witness | None
    reason: str

    @property
    def exists(self) -> bool:
        """Whether the derivative is known as a function of the output."""
        return bool(self.cases)

    @property
    def expression(self) -> Expr:
        """The derivative in terms of the output, one formula or case by case."""
        if not self.cases:
            raise ValueError(f"{plain(self.subject)}: {self.reason}")
        if len({gradient for _, gradient in self.cases}) == 1:
            return self.cases[0][1]
        pairs = [(gradient, condition) for condition, gradient in self.cases]
        return sympy.Piecewise(*pairs, evaluate=False)

    def _repr_markdown_(self) -> str:
        name = rf"$y = {latex(self.subject)}$"
        if not self.exists:
            return f"{name}: {self.reason}.\n"
        slope = rf"\frac{{d y}}{{d {latex(self.symbol)}}}"
        return rf"{name}: $\displaystyle {slope} = {latex(self.expression)}$" + "\n"

    def __str__(self) -> str:
        if not self.exists:
            return f"y = {plain(self.subject)}: {self.reason}"
        return f"y = {plain(self.subject)}: dy/d{self.symbol} = {plain(self.expression)}"

    def __repr__(self) -> str:
        return f"<OutputForm {self}>"


def in_terms_of_output(
    expression: Expr | str,
    symbol: Expr | str = "x",
    at: Mapping[str, float] = MappingProxyType({}),
) -> OutputForm:
    """Eliminate the input: write f'(x) as a function of y = f(x), or show that none exists.

    Parameters
    ----------
    expression
        The function, a SymPy expression or a text for `parse`.
    symbol
        The input.
    at
        What parameters are, by name, where two inputs are looked for; 1 where nothing is said.

    Returns
    -------
    OutputForm
        The form, each case proved; or a witness, two inputs with the same output and different
        slopes; or, where neither is found, a form without either whose reason says so.
    """
    if isinstance(expression, str):
        expression = parse(expression)
    x = next(
        (s for s in expression.free_symbols if s.name == str(symbol)),
        sympy.Symbol(str(symbol), real=True),
    )
    taken = {s.name for s in expression.free_symbols}
    y = sympy.Symbol("y" if "y" not in taken else "y_0", real=True)
    witness = _find_witness(expression, x, at)
    if witness is not None:
        reason = f"there is no formula in the output alone: {witness}"
        return OutputForm(expression, x, y, (), (), witness, reason)
    found: list[tuple[Expr, Expr, Proof] | None] = []

    def search() -> bool:
        found.extend(_branch(piece, x, y, signs) for piece, signs in _branches(expression))
        return True

    try:
        within(_SECONDS, search)
    except TimeLimit:
        reason = f"no closed form was found within {_SECONDS:g} s"
        return OutputForm(expression, x, y, (), (), None, reason)
    except NotImplementedError as error:
        reason = f"no closed form was found: {error}"
        return OutputForm(expression, x, y, (), (), None, reason)
    branches = [branch for branch in found if branch is not None]
    if len(branches) < len(found) or not branches:
        reason = (
            "the output determines the derivative as far as samples show, but no closed form "
            "was found"
        )
        return OutputForm(expression, x, y, (), (), None, reason)
    cases = tuple((condition, gradient) for condition, gradient, _ in branches)
    proofs = tuple(proof for *_, proof in branches)
    return OutputForm(expression, x, y, cases, proofs, None, "the input is eliminated")


def _branches(expression: Expr) -> Iterator[tuple[Expr, tuple[tuple[Expr, int], ...]]]:
    for piece, _, signs in smooth_cases(expression, expression, ()):
        yield carried_out(piece), signs


def _sign_between(low: Expr, high: Expr) -> dict[str, bool]:
    """Return what is known of the sign of a number between two bounds."""
    if (low >= 0) == sympy.true:
        return {"positive": True}
    return {"negative": True} if (high <= 0) == sympy.true else {"real": True}


def _branch(
    piece: Expr, x: Expr, y: Expr, signs: tuple[tuple[Expr, int], ...]
) -> tuple[Expr, Expr, Proof] | None:
    condition = _image(piece, x, y, signs)
    # On a branch that ends at 0 the sign of the input is known.
    low, high = _interval(x, signs)
    known = _sign_between(low, high)
    inside = sympy.Symbol(x.name, **known)
    piece, x = piece.subs(x, inside), inside
    slope = sympy.diff(piece, x)
    for candidate in _candidates(piece, slope, x, y):
        for form in _readable(candidate):
            if form.has(x):
                continue
            if (proof := _proved(piece, x, y, form, low, high)) is not None:
                return condition, form, proof
    return None


def _proved(piece: Expr, x: Expr, y: Expr, form: Expr, low: Expr, high: Expr) -> Proof | None:
    """Prove that a form is the slope between two bounds; None if it is not."""
    proof = None
    # Seen from an end of the branch, sqrt((x - end)^2) is x - end or end - x.
    inside = sympy.Symbol("t", positive=True)
    views = [(x, x, 1), (low + inside, inside, 1), (high - inside, inside, -1)]
    for place, variable, sign in views:
        if place.is_infinite:
            continue
        seen = sympy.expand(piece.subs(x, place)) if place != x else piece
        try:
            proof = prove_equal(sign * D(seen, variable), undefine(form, ((y, seen),)))
        except Unproved:
            continue
        if proof.kind == Kind.EXACT:
            break
    return proof


def _candidates(piece: Expr, slope: Expr, x: Expr, y: Expr) -> Iterator[Expr]:
    """Yield what may be the slope in terms of y: the input solved for, then put in."""
    if not slope.has(x) or is_zero(slope):
        yield sympy.S.Zero if slope.has(x) else slope
        return
    outer, inner = y, piece
    if (peeled := _peeled(inner, x, y)) is not None:
        inner, outer = peeled
    yield from _without_root(inner, slope, outer, x)
    names = sympy.Dummy("t", positive=True)
    for scale in _scales(inner, slope, x):
        variable = names if scale is not None else x
        forms = [_in_exponential(part, x, scale, names) for part in (inner, slope)]
        if any(form.has(x) for form in forms) and scale is not None:
            continue
        numerator, _ = sympy.fraction(sympy.together(outer - forms[0]))
        if not numerator.is_polynomial(variable) or sympy.degree(numerator, variable) > 2:
            continue
        for root in sympy.roots(sympy.Poly(numerator, variable)):
            yield sympy.simplify(forms[1].subs(variable, root))


def _without_root(inner: Expr, slope: Expr, outer: Expr, x: Expr) -> Iterator[Expr]:
    """Yield the slope where one square root R of b stands: R solved for, then R^2 = b."""
    powers = {part for form in (inner, slope) for part in form.atoms(sympy.Pow)}
    roots = {p.base for p in powers if p.exp.is_Rational and p.exp.q == 2}
    if len(roots) != 1:
        return
    (b,) = roots
    root = sympy.Dummy("R", positive=True)
    value, rate = (
        form.replace(
            lambda e: isinstance(e, sympy.Pow) and e.base == b and e.exp.is_Rational,
            lambda e: root ** (2 * e.exp),
        )
        for form in (inner, slope)
    )
    equation, _ = sympy.fraction(sympy.together(outer - value))
    if not equation.is_polynomial(root) or sympy.degree(equation, root) != 1:
        return
    solved = -equation.coeff(root, 0) / equation.coeff(root, 1)
    numerator, _ = sympy.fraction(sympy.together(solved**2 - b))
    if not numerator.is_polynomial(x) or not 1 <= sympy.degree(sympy.expand(numerator), x) <= 2:
        return
    for place in sympy.roots(sympy.Poly(sympy.expand(numerator), x)):
        yield sympy.simplify(rate.subs(root, solved).subs(x, place))


def _peeled(piece: Expr, x: Expr, y: Expr) -> tuple[Expr, Expr] | None:
    """Undo an outermost logarithm or inverse function: c*log(g) + d = y becomes g = ..."""
    shift, rest = piece.as_independent(x, as_Add=True)
    factor, head = rest.as_independent(x, as_Add=False)
    value = (y - shift) / factor
    inverses = {sympy.log: sympy.exp, sympy.atan: sympy.tan, sympy.asinh: sympy.sinh}
    if type(head) in inverses:
        return head.args[0], inverses[type(head)](value)
    return None


def _scales(inner: Expr, slope: Expr, x: Expr) -> list[Expr | None]:
    """Return the exponents c for which everything may be rational in e^(cx); None for x."""
    scales = {
        abs(coefficient) if coefficient.is_number else coefficient
        for form in (inner, slope)
        for part in form.rewrite(sympy.exp).atoms(sympy.exp)
        if (coefficient := part.args[0].coeff(x)) != 0
    }
    smallest = sorted(scales, key=lambda scale: (sympy.count_ops(scale), str(scale)))
    return [*smallest, None]


def _in_exponential(part: Expr, x: Expr, scale: Expr | None, t: Expr) -> Expr:
    if scale is None:
        return part
    rewritten = sympy.expand(part.rewrite(sympy.exp), power_exp=True, deep=True)
    rewritten = part.rewrite(sympy.exp) if rewritten.has(sympy.nan) else rewritten
    return rewritten.replace(
        lambda e: isinstance(e, sympy.exp) and e.has(x),
        lambda e: (
            t ** sympy.cancel(sympy.expand(e.args[0]) / (scale * x))
            if not sympy.cancel(sympy.expand(e.args[0]) / (scale * x)).has(x)
            else e
        ),
    )


def _readable(candidate: Expr) -> Iterator[Expr]:
    """Yield the candidate in the forms that a reader would like, best first."""
    rational = sympy.simplify(sympy.expand(sympy.radsimp(candidate)))
    forms = []
    for form in dict.fromkeys((candidate, rational)):
        factored = _signs_first(sympy.factor(form))
        # y(1 - y) rather than y - y^2, but 1 - y^2 rather than (1 - y)(1 + y).
        monomial = isinstance(factored, sympy.Mul) and any(f.is_Symbol for f in factored.args)
        if monomial or isinstance(factored, sympy.Pow):
            forms.append(factored)
        forms += [sympy.expand(form), factored, form]
    yield from sorted(dict.fromkeys(map(collected, forms[:1])), key=size)
    yield from sorted(dict.fromkeys(map(collected, forms[1:])), key=size)


def _signs_first(factored: Expr) -> Expr:
    """Turn -y(y - 1) into y(1 - y), and (y - 1)^2 into (1 - y)^2."""
    sign, factors = sympy.Integer(1), []
    for factor in sympy.Mul.make_args(factored):
        base, power = factor.as_base_exp()
        if base.is_Add and power.is_Integer and base.as_coeff_Add()[0].is_negative:
            sign *= (-1) ** power
            factor = (-base) ** power
        factors.append(factor)
    return sympy.Mul(sign, *factors)


def _image(piece: Expr, x: Expr, y: Expr, signs: tuple[tuple[Expr, int], ...]) -> Expr:
    """Return the condition on the output that tells this branch from the others."""
    if not signs:
        return sympy.true
    if not piece.has(x):
        return sympy.Eq(y, piece, evaluate=False)
    low, high = _interval(x, signs)
    ends: list[Expr] = []

    def reach() -> bool:
        ends.extend(sympy.limit(piece, x, end) for end in (low, high))
        return True

    try:
        within(5.0, reach)
    except TimeLimit:
        return sympy.true
    for end in ends:
        if end.has(sympy.sign, sympy.nan) or end.is_extended_real is None:
            unknown = ", ".join(sorted(map(str, end.free_symbols)))
            raise NotImplementedError(f"the range depends on the sign of {unknown}")
    least, greatest = sorted(
        ends, key=lambda end: float(end.subs(dict.fromkeys(end.free_symbols, 1)))
    )
    parts = []
    if least != -sympy.oo:
        parts.append(sympy.Lt(least, y, evaluate=False))
    if greatest != sympy.oo:
        parts.append(sympy.Lt(y, greatest, evaluate=False))
    if len(parts) == 1:
        return parts[0] if parts[0].lhs == y else parts[0].reversed
    return sympy.And(*parts, evaluate=False) if parts else sympy.true


def _interval(x: Expr, signs: tuple[tuple[Expr, int], ...]) -> tuple[Expr, Expr]:
    """Return the ends of the branch, from the signs of linear switches."""
    low, high = -sympy.oo, sympy.oo
    for switch, sign in signs:
        roots = sympy.solve(switch, x)
        if len(roots) != 1:
            raise NotImplementedError(f"the sign of {plain(switch)} does not bound {x}")
        rising = sign * sympy.diff(switch, x).subs(x, roots[0])
        if not (rising.is_positive or rising.is_negative):
            raise NotImplementedError(f"the sign of {plain(rising)} is not known")
        if rising.is_positive:
            low = sympy.Max(low, roots[0])
        else:
            high = sympy.Min(high, roots[0])
    return low, high


# The witness


def _find_witness(expression: Expr, x: Expr, at: Mapping[str, float]) -> Witness | None:
    """Search a grid for two inputs with the same output and different slopes."""
    parameters = expression.free_symbols - {x}
    others = {parameter: mpmath.mpf(at.get(parameter.name, 1)) for parameter in parameters}

    def f(point: Any) -> Any:
        return _numeric.value(expression, {**others, x: mpmath.mpf(point)})

    def slope(point: Any) -> Any:
        return _numeric.value(D(expression, x), {**others, x: mpmath.mpf(point)})

    with mpmath.workdps(20):
        points = [(n + _OFFSET, _defined(f, n + _OFFSET)) for n in _GRID]
    points = [(point, value) for point, value in points if value is not None]
    with mpmath.workdps(DIGITS):
        steps = list(itertools.pairwise(points))
        # Inputs of the size of 1 make the numbers that a reader can check.
        for point, value in sorted(points, key=lambda pair: abs(abs(pair[0]) - 1.5)):
            for (a, left), (b, right) in steps:
                if point in (a, b) or (left - value) * (right - value) >= 0:
                    continue
                # What a constant's rounding errors cross is no second input.
                if abs(left - right) <= mpmath.mpf(10) ** -15 * (1 + abs(value)):
                    continue
                target = f(point)
                # Between two points with values there may still be a pole.
                try:
                    other = _bisected(f, target, mpmath.mpf(a), mpmath.mpf(b))
                    reached = f(other)
                except _numeric.Undefined:
                    continue
                if abs(reached - target) > mpmath.mpf(10) ** (5 - DIGITS):
                    continue
                slopes = (slope(point), slope(other))
                if abs(slopes[0] - slopes[1]) > mpmath.mpf(10) ** -6:
                    return Witness((mpmath.mpf(point), other), target, slopes)
    return None


def _defined(f: Any, point: float) -> Any:
    try:
        return f(point)
    except _numeric.Undefined:
        return None


def _bisected(f: Any, target: Any, a: Any, b: Any) -> Any:
    below = f(a) < target
    for _ in range(4 * DIGITS):
        middle = (a + b) / 2
        if (f(middle) < target) == below:
            a = middle
        else:
            b = middle
    return (a + b) / 2
