"""How an expression is set: LaTeX for KaTeX and MathJax, and one line of plain text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._expression import (
    D,
    Decimal,
    Expr,
    IndexSum,
    Marked,
    bars,
    is_reciprocal,
    rebuild,
)

Setters = Mapping[type, Callable[[Expr], str]]

CHANGED = "#0072B2"
_ADD, _MUL, _POW, _ATOM = range(4)

_GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "lambda", "mu", "sigma", "tau", "theta"),
    *("phi", "psi", "omega", "zeta", "eta", "kappa", "rho", "nu", "xi", "Phi"),
}
_NAMES = {
    "log": r"\ln",
    "atan": r"\arctan",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "tanh": r"\tanh",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "sec": r"\sec",
    "csc": r"\csc",
    "cot": r"\cot",
    "coth": r"\coth",
}
_RELATIONS = {
    sympy.StrictLessThan: ("<", "<"),
    sympy.LessThan: (r"\le", "<="),
    sympy.StrictGreaterThan: (">", ">"),
    sympy.GreaterThan: (r"\ge", ">="),
    sympy.Eq: ("=", "=="),
    sympy.Ne: (r"\ne", "!="),
}


def latex(expression: Expr) -> str:
    r"""Return LaTeX that KaTeX and MathJax both set, in source order, without ``|``."""
    return _latex(expression)


def plain(expression: Expr) -> str:
    """Return one line of text for a terminal; `parse` reads it back."""
    return _plain(expression)


# What both printers share: the setter of a kind, signs, bars and brackets.


def _set(expression: Expr, setters: Setters) -> str:
    for kind, setter in setters.items():
        if isinstance(expression, kind):
            return setter(expression)
    raise TypeError(f"{type(expression).__name__} cannot be written in a formula")


def _unmarked(expression: Expr) -> Expr:
    return expression.args[0] if isinstance(expression, Marked) else expression


def _is_negative(expression: Expr) -> bool:
    expression = _unmarked(expression)
    if expression.is_Number:
        return bool(expression.is_negative)
    if isinstance(expression, sympy.Mul):
        return bool(expression.args[0].is_Number and expression.args[0].is_negative)
    return False


def _negated(expression: Expr) -> Expr:
    """Drop the minus that leads a term; a mark around it stays."""
    if isinstance(expression, Marked):
        return Marked(_negated(expression.args[0]))
    if expression.is_Number:
        return -expression
    first, *rest = expression.args
    if first == -1:
        return rest[0] if len(rest) == 1 else rebuild(expression, tuple(rest))
    return rebuild(expression, (-first, *rest))


def _precedence(expression: Expr) -> int:
    expression = _unmarked(expression)
    if isinstance(expression, sympy.Add) or _is_negative(expression):
        return _ADD
    if isinstance(expression, (sympy.Mul, D, IndexSum)) or is_reciprocal(expression):
        return _MUL
    if _is_fraction(expression):
        return _MUL
    if isinstance(expression, (sympy.Pow, sympy.exp)):
        return _POW
    return _ATOM


def _is_fraction(expression: Expr) -> bool:
    """Tell whether a number is shown with a bar."""
    return bool(
        expression.is_Rational
        and not expression.is_Integer
        and not isinstance(expression, Decimal)
    )


def _head(expression: Expr) -> str:
    return str(expression.func.__name__)


# LaTeX


def _latex(expression: Expr) -> str:
    return _set(expression, _LATEX)


def _bracketed(expression: Expr, level: int) -> str:
    text = _latex(expression)
    return rf"\left({text}\right)" if _precedence(expression) < level else text


def _latex_marked(expression: Expr) -> str:
    return rf"\textcolor{{{CHANGED}}}{{{_latex(expression.args[0])}}}"


def _latex_add(expression: Expr) -> str:
    text = ""
    for position, term in enumerate(expression.args):
        negative = _is_negative(term)
        body = _negated(term) if negative else term
        shown = _bracketed(_unmarked(body), _MUL)
        sign = "-" if negative else "+" if position else ""
        piece = f"{sign} {shown}".strip()
        if isinstance(term, Marked):
            # The empty group keeps the sign a sign between two terms.
            piece = rf"\textcolor{{{CHANGED}}}{{{'{}' if position else ''}{piece}}}"
        text += f" {piece}" if position else piece
    return text


def _latex_mul(expression: Expr) -> str:
    if _is_negative(expression):
        negated = _negated(expression)
        return "-" + _bracketed(negated, _MUL)
    groups = bars(expression)
    pieces = []
    for above, below in groups:
        if below:
            top = _latex_factors(above) if above else "1"
            pieces.append(rf"\frac{{{top}}}{{{_latex_factors(below)}}}")
        else:
            pieces.append(_latex_factors(above, inside=len(groups) > 1))
    return r" \cdot ".join(pieces)


def _latex_factors(factors: tuple[Expr, ...], inside: bool = False) -> str:
    if len(factors) == 1 and inside:
        return _bracketed(factors[0], _MUL)
    if len(factors) == 1:
        return _latex(factors[0])
    pieces = []
    for position, factor in enumerate(factors):
        inner = _unmarked(factor)
        last = position == len(factors) - 1
        level = _MUL
        # d/dx and the sum sign reach to the right: within a product they need brackets.
        if not last and (isinstance(inner, IndexSum) or _is_open(inner)):
            level = _ATOM
        # A product in brackets is a group that the writer wants seen; a fraction shows itself.
        if isinstance(inner, sympy.Mul) and not any(map(is_reciprocal, inner.args)):
            level = _POW
        pieces.append((factor, _bracketed(factor, level)))
    text = pieces[0][1]
    for (left, _), (right, shown) in itertools.pairwise(pieces):
        # A letter in front of e^x would read as a word.
        space = r" \, " if isinstance(_unmarked(right), sympy.exp) else " "
        text += (r" \cdot " if _needs_dot(left, right) else space) + shown
    return text


def _needs_dot(left: Expr, right: Expr) -> bool:
    """Tell whether two factors need a dot between them to be read as a product."""
    left, right = _unmarked(left), _unmarked(right)
    names = (sympy.Symbol, sympy.Indexed)
    if isinstance(right, sympy.Number):
        return True
    if left.is_Number:
        return bool(
            left == 1
            or _precedence(right) == _ADD
            or not isinstance(right, (*names, sympy.exp, sympy.Pow, sympy.Function, MinMaxBase))
            or is_reciprocal(right)
            or (isinstance(right, sympy.Pow) and right.base.is_Number)
        )
    if isinstance(left, names) and isinstance(right, (*names, sympy.exp, sympy.Function)):
        return isinstance(right, (sympy.Piecewise, AppliedUndef))
    if _precedence(left) == _ADD and _precedence(right) == _ADD:
        return False
    if isinstance(left, names) and isinstance(right, sympy.Pow) and not is_reciprocal(right):
        return not isinstance(right.base, names)
    if isinstance(left, sympy.Pow) and isinstance(right, names):
        return not isinstance(left.base, names)
    return True


def _latex_exp(expression: Expr) -> str:
    return f"e^{{{_latex(expression.args[0])}}}"


def _latex_pow(expression: Expr) -> str:
    base, exponent = expression.args
    inner = _unmarked(base)
    if is_reciprocal(expression):
        return rf"\frac{{1}}{{{_latex(_reciprocal_base(base, exponent))}}}"
    if exponent == sympy.Rational(1, 2):
        return rf"\sqrt{{{_latex(base)}}}"
    if isinstance(inner, (sympy.Function, AppliedUndef)) and not isinstance(
        inner, (sympy.exp, sympy.Abs, sympy.Piecewise, sympy.KroneckerDelta, MinMaxBase)
    ):
        name, argument = _function_pieces(inner)
        if isinstance(base, Marked):
            name, argument = (rf"\textcolor{{{CHANGED}}}{{{p}}}" for p in (name, argument))
        return f"{name}^{{{_latex(exponent)}}}{argument}"
    level = _ATOM
    shown = _bracketed(base, level)
    if isinstance(inner, (sympy.Piecewise,)):
        shown = rf"\left({shown}\right)"
    # Braces only where a second ^ would follow, as in (e^x)^2 without its brackets.
    shown = f"{{{shown}}}" if "^" in shown and not shown.startswith(r"\left(") else shown
    return f"{shown}^{{{_latex(exponent)}}}"


def _reciprocal_base(base: Expr, exponent: Expr) -> Expr:
    return base if exponent == -1 else sympy.Pow(base, -exponent, evaluate=False)


def _function_pieces(expression: Expr) -> tuple[str, str]:
    name = _head(expression)
    prime = name.endswith("'")
    bare = name.rstrip("'")
    if bare in _NAMES:
        shown = _NAMES[bare]
    elif bare in _GREEK:
        shown = f"\\{bare}"
    elif len(bare) == 1:
        shown = bare
    else:
        shown = rf"\operatorname{{{bare}}}"
    shown += "'" if prime else ""
    arguments = ", ".join(map(_latex, expression.args))
    return shown, rf"\left({arguments}\right)" if _is_tall(arguments) else f"({arguments})"


def _is_tall(text: str) -> bool:
    return any(
        sign in text for sign in (r"\frac", r"\sum", r"\left", "^{", r"\begin", r"\sqrt")
    )


def _latex_function(expression: Expr) -> str:
    name, argument = _function_pieces(expression)
    return name + argument


def _latex_abs(expression: Expr) -> str:
    return rf"\left\lvert {_latex(expression.args[0])} \right\rvert"


def _latex_extremum(expression: Expr) -> str:
    name = r"\max" if isinstance(expression, sympy.Max) else r"\min"
    return rf"{name}\left({', '.join(map(_latex, expression.args))}\right)"


def _latex_symbol(expression: Expr) -> str:
    name, _, index = str(expression.name).partition("_")
    name = "lambda" if name == "lam" else name  # Python keeps the whole word for itself
    shown = f"\\{name}" if name in _GREEK else name if len(name) == 1 else _wordy(name)
    return f"{shown}_{{{index}}}" if index else shown


def _wordy(name: str) -> str:
    if len(name) == 2 and name.startswith("d"):
        return name  # a differential: as italic as its letter
    letters, digits = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    if digits and len(letters) == 1:
        return f"{letters}_{{{digits}}}"
    if digits and letters in _GREEK:
        return f"\\{letters}_{{{digits}}}"
    return rf"\mathrm{{{name}}}"


def _latex_indexed(expression: Expr) -> str:
    base = _latex_symbol(expression.base.label)
    return f"{base}_{{{' '.join(map(_latex, expression.indices))}}}"


def _latex_derivative(expression: Expr) -> str:
    inner, variable = expression.args
    shown = _latex(variable)
    bare = _unmarked(inner)
    d = r"\partial" if _is_partial(bare, variable) else "d"
    if isinstance(bare, (sympy.Symbol, sympy.Indexed)):
        return rf"\frac{{{d} {_latex(inner)}}}{{{d} {shown}}}"
    if not _is_open(expression):
        body = rf"\left({_latex(inner)}\right)"
    else:
        body = _bracketed(inner, _MUL)
    return rf"\frac{{{d}}}{{{d} {shown}}} {body}"


def _is_open(expression: Expr) -> bool:
    """Tell whether nothing shows where the operand of a derivative ends: d/dx x^2."""
    if not isinstance(expression, D):
        return False
    inner = _unmarked(expression.args[0])
    closed = (sympy.Symbol, sympy.Indexed, sympy.Add, sympy.Mul, sympy.Number)
    return not (isinstance(inner, closed) or is_reciprocal(inner))


def _is_partial(expression: Expr, variable: Expr) -> bool:
    if isinstance(variable, sympy.Indexed):
        return True
    return isinstance(expression, sympy.Indexed)


def _latex_sum(expression: Expr) -> str:
    term, index, last, *excepted = expression.args
    below = f"{_latex(index)}=1"
    if excepted:
        gap = rf"{_latex(index)} \ne {_latex(*excepted)}"
        below = rf"\substack{{{below} \\ {gap}}}"
    return rf"\sum_{{{below}}}^{{{_latex(last)}}} {_bracketed(term, _MUL)}"


def _latex_delta(expression: Expr) -> str:
    return rf"\delta_{{{' '.join(map(_latex, expression.args))}}}"


def _latex_piecewise(expression: Expr) -> str:
    rows = []
    for value, condition in expression.args:
        when = (
            r"\text{otherwise}"
            if condition == sympy.true
            else rf"\text{{if }} {_latex_condition(condition)}"
        )
        rows.append(f"{_latex(value)} & {when}")
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _latex_condition(condition: Expr) -> str:
    if isinstance(condition, Relational):
        return (
            f"{_latex(condition.lhs)} {_RELATIONS[condition.func][0]} {_latex(condition.rhs)}"
        )
    if isinstance(condition, sympy.And):
        low, low_sign, x, high_sign, high = _chain(condition)
        signs = [_RELATIONS[sign][0] for sign in (low_sign, high_sign)]
        return f"{_latex(low)} {signs[0]} {_latex(x)} {signs[1]} {_latex(high)}"
    raise TypeError(f"no LaTeX is known for the condition {condition}")


def _chain(condition: Expr) -> tuple[Expr, type, Expr, type, Expr]:
    """Return a < x < b as (a, <, x, <, b)."""
    turned = [
        part if isinstance(part, (sympy.StrictLessThan, sympy.LessThan)) else part.reversed
        for part in condition.args
    ]
    for first, second in (turned, turned[::-1]):
        if first.rhs == second.lhs:
            return first.lhs, first.func, first.rhs, second.func, second.rhs
    raise TypeError(f"the condition {condition} is not of the form a < x < b")


def _latex_number(expression: Expr) -> str:
    if isinstance(expression, Decimal):
        digits, _, tens = str(expression).partition("e")
        return rf"{digits} \cdot 10^{{{tens.removeprefix('+')}}}" if tens else digits
    if _is_fraction(expression):
        sign = "-" if expression.is_negative else ""
        return rf"{sign}\frac{{{abs(expression.p)}}}{{{expression.q}}}"
    return str(expression)


_LATEX: Setters = {
    Marked: _latex_marked,
    sympy.Add: _latex_add,
    sympy.Mul: _latex_mul,
    sympy.exp: _latex_exp,
    sympy.Pow: _latex_pow,
    D: _latex_derivative,
    IndexSum: _latex_sum,
    sympy.KroneckerDelta: _latex_delta,
    sympy.Piecewise: _latex_piecewise,
    sympy.Abs: _latex_abs,
    MinMaxBase: _latex_extremum,
    sympy.Indexed: _latex_indexed,
    sympy.IndexedBase: lambda base: _latex(base.label),
    sympy.Symbol: _latex_symbol,
    type(sympy.pi): lambda _: r"\pi",
    type(sympy.E): lambda _: "e",
    type(sympy.nan): lambda _: r"\text{undefined}",
    sympy.Number: _latex_number,
    Relational: _latex_condition,
    sympy.Function: _latex_function,
}


# Plain text


def _plain(expression: Expr, level: int = _ADD) -> str:
    text = _set(expression, _PLAIN)
    return f"({text})" if _precedence(expression) < level else text


def _plain_add(expression: Expr) -> str:
    text = ""
    for position, term in enumerate(expression.args):
        negative = _is_negative(term)
        shown = _plain(_negated(term) if negative else term, _MUL)
        sign = "-" if negative else "+" if position else ""
        text += f" {sign} {shown}" if position else f"{sign}{shown}"
    return text


def _plain_mul(expression: Expr) -> str:
    if _is_negative(expression):
        return "-" + _plain(_negated(expression), _MUL)
    pieces = []
    for above, below in bars(expression):
        text = "*".join(map(_plain_factor, above)) or "1"
        pieces.append("/".join([text, *map(_plain_factor, below)]))
    return "*".join(pieces)


def _plain_factor(expression: Expr) -> str:
    if isinstance(expression, (D, IndexSum)):
        return _plain(expression)
    group = isinstance(expression, sympy.Mul) or is_reciprocal(expression)
    if group or _is_fraction(expression):
        return f"({_plain(expression)})"
    return _plain(expression, _MUL)


def _plain_pow(expression: Expr) -> str:
    base, exponent = expression.args
    if is_reciprocal(expression):
        return f"1/{_plain(_reciprocal_base(base, exponent), _POW)}"
    if exponent == sympy.Rational(1, 2):
        return f"sqrt({_plain(base)})"
    return f"{_plain(base, _ATOM)}^{_plain(exponent, _ATOM)}"


def _plain_sum(expression: Expr) -> str:
    term, index, *over = map(_plain, expression.args)
    return f"sum({', '.join([term, index, '1', *over])})"


def _plain_piecewise(expression: Expr) -> str:
    rows = [f"({_plain(value)}, {_plain_condition(when)})" for value, when in expression.args]
    return f"Piecewise({', '.join(rows)})"


def _plain_condition(condition: Expr) -> str:
    if condition == sympy.true:
        return "otherwise"
    if isinstance(condition, Relational):
        sign = _RELATIONS[condition.func][1]
        return f"{_plain(condition.lhs)} {sign} {_plain(condition.rhs)}"
    if isinstance(condition, sympy.And):
        low, low_sign, x, high_sign, high = _chain(condition)
        signs = [_RELATIONS[kind][1] for kind in (low_sign, high_sign)]
        return f"{_plain(low)} {signs[0]} {_plain(x)} {signs[1]} {_plain(high)}"
    return str(condition)


def _plain_call(expression: Expr) -> str:
    name = {"Max": "max", "Min": "min", "Abs": "abs", "KroneckerDelta": "delta"}.get(
        _head(expression), _head(expression)
    )
    return f"{name}({', '.join(map(_plain, expression.args))})"


_PLAIN: Setters = {
    sympy.Add: _plain_add,
    sympy.Mul: _plain_mul,
    sympy.exp: lambda power: f"e^{_plain(power.args[0], _ATOM)}",
    sympy.Pow: _plain_pow,
    IndexSum: _plain_sum,
    sympy.Piecewise: _plain_piecewise,
    sympy.Indexed: lambda e: f"{e.base.label}[{', '.join(map(_plain, e.indices))}]",
    Relational: _plain_condition,
    type(sympy.E): lambda _: "e",
    sympy.Basic: lambda e: _plain_call(e) if e.args else str(e),
}
