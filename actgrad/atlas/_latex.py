"""A tree as LaTeX, as a docstring shows it."""

from __future__ import annotations

from actgrad.atlas._language import Node, written
from actgrad.atlas._table import GREEK

_GREEK = {*GREEK.values()}
_OWN = {"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sec", "max", "min"}
_RELATIONS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "==": "="}
_LOOSE = ("sum", "negative")


def latex(node: Node) -> str:
    r"""Return a tree as LaTeX.

    Parameters
    ----------
    node : Node
        As `read` returns it.

    Examples
    --------
    >>> from actgrad.atlas import read
    >>> latex(read("x/(1 + |x|)", ["x"]))
    '\\frac{x}{1 + \\lvert x \\rvert}'
    """
    kind, children = node.kind, node.children
    if kind == "number":
        return node.value
    if kind in ("name", "constant"):
        return _name(node.value)
    if kind == "sum":
        text = latex(children[0])
        for term in children[1:]:
            negative = term.kind == "negative"
            shown = _bracketed(term.children[0], *_LOOSE) if negative else latex(term)
            text += f" {'-' if negative else '+'} {shown}"
        return text
    if kind == "negative":
        return "-" + _bracketed(children[0], *_LOOSE)
    if kind == "reciprocal":
        return rf"\frac{{1}}{{{latex(children[0])}}}"
    if kind == "product":
        return _product(children)
    if kind == "power":
        base = _bracketed(children[0], *_LOOSE, "product", "power", "reciprocal", "call")
        return f"{base}^{{{latex(children[1])}}}"
    if kind == "cases":
        pairs = zip(children[::2], children[1::2], strict=True)
        rows = r" \\ ".join(f"{latex(value)} & {latex(where)}" for value, where in pairs)
        return rf"\begin{{cases}} {rows} \end{{cases}}"
    if kind == "relation":
        sign = _RELATIONS.get(node.value, node.value)
        return f"{latex(children[0])} {sign} {latex(children[1])}"
    if kind == "otherwise":
        return r"\text{otherwise}"
    if kind == "call":
        return _call(node.value, [latex(child) for child in children])
    return rf"\text{{{written(node)}}}"


def _name(name: str) -> str:
    name = "lambda" if name == "lam" else name
    return f"\\{name}" if name in _GREEK else name


def _bracketed(node: Node, *loose: str) -> str:
    text = latex(node)
    return rf"\left({text}\right)" if node.kind in loose else text


def _product(factors: tuple[Node, ...]) -> str:
    above = [factor for factor in factors if factor.kind != "reciprocal"]
    below = [factor.children[0] for factor in factors if factor.kind == "reciprocal"]
    return rf"\frac{{{_factors(above)}}}{{{_factors(below)}}}" if below else _factors(above)


def _factors(factors: list[Node]) -> str:
    if len(factors) == 1:
        return latex(factors[0])
    text = ""
    for factor in factors:
        sign = r" \cdot " if factor.kind == "number" else r" \, "
        text += (sign if text else "") + _bracketed(factor, *_LOOSE)
    return text or "1"


def _call(name: str, arguments: list[str]) -> str:
    joined = ", ".join(arguments)
    if name == "abs":
        return rf"\lvert {joined} \rvert"
    if name == "sqrt":
        return rf"\sqrt{{{joined}}}"
    known = {"log": r"\ln", "atan": r"\arctan"} | {own: f"\\{own}" for own in _OWN - {"log"}}
    greek = {"sigma": r"\sigma", "Phi": r"\Phi", "phi": r"\varphi", "gamma": r"\Gamma"}
    sign = (known | greek).get(name, rf"\operatorname{{{name}}}")
    return rf"{sign}\left({joined}\right)"
