"""What there is to say of a function besides its derivative: its shape, and tested code.

A fact is a title and a sentence; text between dollar signs is a formula. What SymPy cannot
find in a few seconds is left out: a fact that is missing is no claim.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mpmath
import sympy
from sympy.calculus.util import continuous_domain

from actgrad.atlas import FUNCTIONS, Arithmetic, Definition, Node, definition, evaluate, read
from actgrad.atlas._derivative import _put as put
from actgrad.atlas._evaluate import precise
from actgrad.atlas._numpy import _expanded, _Writer
from actgrad.derivations._cases import NoSlope, join_of, kinks, slopes_at
from actgrad.derivations._expression import Expr
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._shape import Shape

SECONDS = 2.0
_ENTIRE = (sympy.erf, sympy.erfc)
_PERIODIC = (sympy.tan, sympy.cot, sympy.sec, sympy.csc)
# Where the tails of a formula are tried, from the middle outwards.
_PLACES = tuple(sign * x for x in (1, 2, 5, 10, 20, 40, 80, 160, 320, 640) for sign in (1, -1))
_LIBRARIES = ("erf", "erfc", "gamma")  # of NumPy's table those that are SciPy's
_TAKEN = re.compile(r"np|special|number|derivative|t\d+")  # names that the code uses itself
# Where code is tested, besides both sides of each kink.
_TRIED = (-25.4, -7.3, -4.1, -2.6, -1.3, -0.7, -0.2, 0.3, 0.9, 1.7, 3.4, 6.2, 31.8)
_BESIDE = sympy.Rational(1, 8)
_TAIL = 400  # digits: a slope of 1e-300 is not lost beside values near 1
_FLOATS = Arithmetic(mpmath.fp, "mpmath", float)
_DIGITS = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)

Fact = tuple[str, str]


def facts(expression: Expr, symbol: Expr, at: Mapping[str, float]) -> Iterator[Fact]:
    """Yield titles and sentences on a function's shape.

    Parameters
    ----------
    expression, symbol
        The function and its variable.
    at
        What its parameters are: range, monotonicity and roots are those at these numbers.
    """
    fixed, x = _fixed(expression, symbol, at)
    shape = Shape(fixed, x)
    for title, claim in (
        ("Kinks", lambda: _kinks(fixed, x)),
        ("Symmetry", lambda: _symmetry(fixed, x)),
    ):
        if said := _found(claim):
            yield title, said
    # The other facts are claims about every number.
    domain = _found(lambda: _domain(shape, x))
    if domain != "everywhere":
        if domain:
            yield "Smooth on", domain
        return
    claims: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Range", lambda: _set(shape.range)),
        ("Limits", lambda: _limits(shape, x)),
        ("Monotonicity", lambda: shape.monotonicity),
        (f"Where ${_prime(x)} = 0$", lambda: _roots(shape)),
    )
    for title, claim in claims:
        if said := _found(claim):
            yield title, said


def _domain(shape: Shape, x: Expr) -> str:
    """Return where the function is continuous, but for the joins of its pieces."""
    parts = []
    for piece in shape.pieces:
        whole = sympy.Interval.open(piece.start, piece.end)
        # An error function is continuous where its argument is.
        formula = piece.formula.replace(lambda e: isinstance(e, _ENTIRE), lambda e: e.args[0])
        if formula.has(*_PERIODIC):
            return ""
        part = continuous_domain(formula, x, whole)
        parts.append(part)
        if part != whole:
            break
    else:
        values = (shape.expression.subs(x, place) for place in shape.joins)
        return "everywhere" if all(value.is_finite for value in values) else ""
    return _set(parts[0]) if len(shape.pieces) == 1 else ""


def _fixed(expression: Expr, symbol: Expr, at: Mapping[str, float]) -> tuple[Expr, Expr]:
    """Return the function with numbers for its parameters, and its variable."""
    whole = parse(plain(expression))
    others = [s for s in whole.free_symbols if s.name != symbol.name and s.name in at]
    values = {s: sympy.Rational(repr(at[s.name])) for s in others}
    fixed = whole.subs(values) if values else whole
    return fixed, next((s for s in fixed.free_symbols if s.name == symbol.name), symbol)


def _found(claim: Callable[[], str]) -> str:
    found: list[str] = []

    def work() -> bool:
        found.append(claim())
        return True

    try:
        within(SECONDS, work)
    except (TimeLimit, Exception):  # SymPy raises whatever it likes where it cannot go on
        return ""
    return found[0]


def _prime(x: Expr) -> str:
    return f"f'({latex(x)})"


def _kinks(f: Expr, x: Expr) -> str:
    said = []
    for variable, place in kinks(f):
        if variable != x or join_of(f, x, place) is not None:
            continue
        at = f"at ${latex(x)} = {_number(place)}$"
        try:
            left, right = slopes_at(f, x, place)
        except NoSlope:
            said.append(f"{at} without slopes")
        else:
            said.append(
                f"{at}: slope ${_number(left)}$ on the left, ${_number(right)}$ on the right"
            )
    return "; ".join(said)


def _symmetry(f: Expr, x: Expr) -> str:
    mirrored = f.subs(x, -x)
    for sign, name in ((1, "even"), (-1, "odd")):
        try:
            prove_equal(mirrored, sign * f)
        except Unproved:
            continue
        return f"{name}: $f(-{latex(x)}) = {'-' * (sign < 0)}f({latex(x)})$"
    return ""


def _limits(shape: Shape, x: Expr) -> str:
    said = []
    for sign, value in zip("-+", shape.limits, strict=True):
        if not isinstance(value, sympy.AccumBounds):
            end = rf"{sign.strip('+')}\infty"
            said.append(rf"$f({latex(x)}) \to {_number(value)}$ for ${latex(x)} \to {end}$")
    return ", ".join(said)


def _roots(shape: Shape) -> str:
    looked = "" if shape.counted else " (found by a search, which may miss some)"
    return _set(shape.roots) + looked


def _set(numbers: Any) -> str:
    if numbers == sympy.S.EmptySet:
        return "nowhere"
    if isinstance(numbers, sympy.FiniteSet):
        return ", ".join(f"${_number(value)}$" for value in sorted(numbers, key=float))
    if isinstance(numbers, sympy.Union):
        parts = numbers.args
        if not numbers.has(sympy.ImageSet):
            parts = sorted(parts, key=lambda part: float(part.inf))
        return " and ".join(map(_set, parts))
    if isinstance(numbers, sympy.Interval):
        left = "(" if numbers.left_open else "["
        right = ")" if numbers.right_open else "]"
        return f"${left}{_number(numbers.start)}, {_number(numbers.end)}{right}$"
    return series(numbers)


def series(numbers: sympy.ImageSet) -> str:
    r"""Return an endless series of numbers, one for every integer, in Markdown.

    Examples
    --------
    >>> n = sympy.Symbol("n")
    >>> print(series(sympy.ImageSet(sympy.Lambda(n, 2 * n * sympy.pi), sympy.S.Integers)))
    $2 \pi n$ for every integer $n$
    """
    return f"${sympy.latex(numbers.lamda(sympy.Symbol('n')))}$ for every integer $n$"


def _number(value: Any) -> str:
    """Return a number in LaTeX: exact where it is short, else to six digits."""
    value = sympy.sympify(value)
    exact = str(sympy.latex(value))
    short = not value.has(sympy.Float) and sympy.count_ops(value) <= 4
    return exact if short else str(sympy.latex(sympy.N(value, 6)))


# Code


def numpy_code(result: Expr, symbol: Expr) -> str:
    """Return a NumPy function of a derivative, with `expm1` and `log1p` where it has them.

    Examples
    --------
    >>> x = sympy.Symbol("x", real=True)
    >>> print(numpy_code(parse("e^x - 1"), x))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def derivative(x):
        return np.expm1(x)
    """
    tree = read(plain(result), free=True)
    names = _python_names(tree, symbol.name)
    x = names[symbol.name]
    record = Definition("f", "F", "F", x, "A function. It was typed.")
    writer = _Writer(record, x, alone=True)
    text = writer.method("derivative", precise(_expanded(_renamed(tree, names))))
    text = text.replace(f"(self, {x})", f"({', '.join(names.values())})", 1)
    if "number = " in text:
        text = text.replace("\n", f"\n    {x} = np.asarray({x}, float)\n", 1)
    imports = "import numpy as np\n"
    for name in _LIBRARIES:
        if f"np.{name}(" in text:
            text = text.replace(f"np.{name}(", f"special.{name}(")
            imports = "import numpy as np\nfrom scipy import special\n"
    return f"{imports}\n\n{text}"


def _python_names(tree: Node, x: str) -> dict[str, str]:
    """Return what the code calls the variable and the parameters, in its order."""
    letters = (x, *sorted(tree.names() - {x}))
    taken = {name for name in letters if keyword.iskeyword(name) or _TAKEN.fullmatch(name)}
    return {name: f"{name}_" if name in taken else name for name in letters}


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    value = names[node.value] if node.kind == "name" else node.value
    return Node(node.kind, value, tuple(_renamed(child, names) for child in node.children))


def numpy_test(
    expression: Expr, result: Expr, symbol: Expr, at: Mapping[str, float] = {}
) -> str:
    """Return a test of `numpy_code`, for pytest: slopes found from the function's values.

    Parameters
    ----------
    expression, result, symbol
        The function, its derivative and its variable. The slopes are central differences of
        the function in 400 digits: no rule of differentiation has a part in them. Of the
        derivative only its letters are used, where it has a value, and how much of that it
        loses to rounding.
    at
        Numbers for the parameters; a parameter without one gets 1/2, 3/4 and so on.

    Returns
    -------
    The test; nothing where no place was found at which it could be made. Left out are places
    without a slope, and those where rounding alone takes digits from the code.

    Examples
    --------
    >>> x = sympy.Symbol("x", real=True)
    >>> test = numpy_test(parse("|x|"), parse("sign(x)"), x)
    >>> print(test[test.index("    -0.2:"):test.index("    0.3:")])
        -0.2: -1.0,
        -0.125: -1.0,
        0.125: 1.0,
    <BLANKLINE>
    """
    tree, slope = (read(plain(formula), free=True) for formula in (expression, result))
    letters = sorted((tree.names() | slope.names()) - {symbol.name})
    at = {name: at.get(name, n / 4) for n, name in enumerate(letters, start=2)}
    numbers = "".join(
        f", {name}={at[letter]}"
        for letter, name in _python_names(slope, symbol.name).items()
        if letter in at
    )

    def lines() -> str:
        places = {*_TRIED, *_beside_kinks(*_fixed(expression, symbol, at))}
        found = ((x, _slope(tree, precise(slope), symbol.name, x, at)) for x in sorted(places))
        return "\n".join(f"    {x}: {value}," for x, value in found if value is not None)

    slopes = _found(lines)
    return slopes and _TEST.format(
        function=plain(expression), slopes=slopes, call=f"derivative(x{numbers})"
    )


_TEST = """import numpy as np

# Put this below the derivative and run pytest: for each x the slope there of
# {function}
# found as a central difference of its values in 400 digits.
SLOPES = {{
{slopes}
}}


def test_derivative():
    x = np.array([*SLOPES])
    with np.errstate(all="ignore"):
        found = {call}
    np.testing.assert_allclose(found, [*SLOPES.values()], rtol=1e-9)"""


def _beside_kinks(f: Expr, x: Expr) -> Iterator[float]:
    for variable, place in kinks(f):
        if variable == x:
            yield from (float(place - _BESIDE), float(place + _BESIDE))


def _slope(
    tree: Node, derivative: Node, name: str, place: float, at: Mapping[str, float]
) -> float | None:
    """Return the slope of a tree's function, if it has one that float64 can be held to."""
    rounded = _value(derivative, {**at, name: place}, _FLOATS)
    with mpmath.workdps(_TAIL):
        x = mpmath.mpf(place)
        true = _value(derivative, {**at, name: x}, _DIGITS)
        # At a kink the derivative has no value.
        if rounded is None or true is None or not abs(rounded - true) <= 1e-11 * abs(true):
            return None
        step = mpmath.mpf(10) ** -30
        below, above = (_value(tree, {**at, name: x + h}, _DIGITS) for h in (-step, step))
        if below is None or above is None:
            return None
        slope = (above - below) / (2 * step)
    return float(slope) if slope == 0 or 1e-300 < abs(slope) < 1e300 else None


def javascript_code(result: Expr, symbol: Expr) -> str:
    """Return a JavaScript function of a derivative; nothing where `Math` lacks a function.

    Examples
    --------
    >>> x = sympy.Symbol("x", real=True)
    >>> print(javascript_code(parse("x^2*log(1 + e^x)"), x))
    const derivative = (x) => x ** 2 * Math.log1p(Math.exp(x));
    """
    tree = read(plain(result), free=True)
    names = [symbol.name, *sorted(tree.names() - {symbol.name})]
    try:
        return f"const derivative = ({', '.join(names)}) => {_javascript(precise(tree))};"
    except KeyError:
        return ""


def _javascript(node: Node, binding: int = 0) -> str:
    kind, children = node.kind, node.children
    own, text = 9, node.value
    if kind == "constant":
        text = {"e": "Math.E", "pi": "Math.PI"}[node.value]
    elif kind == "sum":
        own = 4
        text = _javascript(children[0], 4)
        for term in children[1:]:
            negative = term.kind == "negative"
            shown = _javascript(term.children[0] if negative else term, 5)
            text += f" {'-' if negative else '+'} {shown}"
    elif kind == "product":
        own = 5
        text = _javascript(children[0], 5)
        for factor in children[1:]:
            below = factor.kind == "reciprocal"
            shown = _javascript(factor.children[0] if below else factor, 6)
            text += f" {'/' if below else '*'} {shown}"
    elif kind == "reciprocal":
        own, text = 5, f"1 / {_javascript(children[0], 6)}"
    elif kind == "negative":
        # JavaScript refuses -x ** 2.
        own, text = 6, f"-{_javascript(children[0], 8)}"
    elif kind == "power" and children[0] == Node("constant", "e"):
        text = f"Math.exp({_javascript(children[1])})"
    elif kind == "power":
        own, text = 7, f"{_javascript(children[0], 8)} ** {_javascript(children[1], 8)}"
    elif kind == "call":
        return _javascript_call(node, binding)
    elif kind == "relation":
        own, sign = 3, {"==": "===", "!=": "!=="}.get(node.value, node.value)
        text = f" {sign} ".join(_javascript(child, 4) for child in children)
    elif kind == "and":
        own, text = 2, " && ".join(_javascript(child, 3) for child in children)
    elif kind == "cases":
        own, text = 1, "NaN"
        for value, where in zip(children[-2::-2], children[::-2], strict=True):
            shown = _javascript(value, 2)
            text = (
                shown
                if where.kind == "otherwise"
                else f"{_javascript(where, 2)} ? {shown} : {text}"
            )
    return f"({text})" if own < binding else text


def _javascript_call(node: Node, binding: int) -> str:
    name = FUNCTIONS[node.value].javascript
    if name in _LIBRARIES:
        raise KeyError(name)
    if not name:
        meaning = put(definition(node.value, stable=True), node.children[0])
        return _javascript(precise(meaning), binding)
    return f"Math.{name}({', '.join(map(_javascript, node.children))})"


def lost_tail(result: Expr, symbol: Expr, at: Mapping[str, float]) -> str:
    """Return where a formula in floating point is wrong by half or more; else nothing."""
    tree = precise(read(plain(result), free=True))
    for place in _PLACES:
        with mpmath.workdps(_TAIL):
            truth = _value(tree, {**at, symbol.name: mpmath.mpf(place)}, _DIGITS)
        if truth is None or not 1e-300 < abs(truth) < 1e300:
            continue
        got = _value(tree, {**at, symbol.name: float(place)}, _FLOATS)
        if got is None or not abs(got - truth) <= 0.5 * abs(truth):
            # Python stops where NumPy would go on with infinity.
            fails = "overflows" if got is None else f"gives {mpmath.nstr(got, 3)}"
            return (
                f"at ${symbol.name} = {place}$ this formula {fails} in float64; the derivative "
                f"is {mpmath.nstr(truth, 3)} there"
            )
    return ""


def _value(tree: Node, values: Mapping[str, Any], numbers: Arithmetic) -> Any:
    try:
        value = evaluate(tree, values, numbers)
    except (ArithmeticError, ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, (float, int, mpmath.mpf)) else None
