"""Values of a tree in any library of numbers: NumPy's arrays, mpmath's fifty digits."""

import builtins
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from actgrad.atlas._language import Node, read
from actgrad.atlas._table import DEFINITIONS, FUNCTIONS, STABLE

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Arithmetic:
    """A library of numbers.

    Parameters
    ----------
    library
        Has the functions as attributes, ``e`` and ``pi`` too.
    column : str
        The column of the table that names them: ``"numpy"`` or ``"mpmath"``.
    number : callable
        Makes a number from its digits.
    where : callable, optional
        ``where(condition, value, other)`` for conditions that are arrays; without it only the
        case that holds is evaluated.

    Examples
    --------
    >>> import mpmath
    >>> exact = Arithmetic(mpmath.mp, "mpmath", mpmath.mpf)
    >>> float(evaluate(read("Phi(x)", ["x"]), {"x": mpmath.mpf(0)}, exact))
    0.5
    """

    library: Any
    column: str
    number: Callable[[str], Any]
    where: Callable[[Any, Any, Any], Any] | None = None

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Return the value of a function of the table."""
        own = getattr(FUNCTIONS[name], self.column)
        if not own:
            return evaluate(definition(name, stable=True), {"x": arguments[0]}, self)
        function = getattr(self.library, own, None) or getattr(builtins, own)
        return reduce(function, arguments) if len(arguments) > 1 else function(*arguments)


@lru_cache
def definition(name: str, stable: bool = False) -> Node:
    """Return what a function stands for, as a tree in ``x``."""
    return read(STABLE.get(name, DEFINITIONS[name]) if stable else DEFINITIONS[name], ["x"])


def precise(node: Node) -> Node:
    """Return the tree with ``expm1`` and ``log1p`` where it says e^u - 1 and log(1 + u).

    Examples
    --------
    >>> str(precise(read("alpha*(e^x - 1)", ["x", "alpha"])))
    'alpha*expm1(x)'
    """
    one = Node("number", "1")
    node = Node(node.kind, node.value, tuple(map(precise, node.children)))
    minus_one = Node("negative", "", (one,))
    if node.kind == "sum" and len(node.children) == 2 and node.children[1] == minus_one:
        power = node.children[0]
        if power.kind == "power" and power.children[0] == Node("constant", "e"):
            return Node("call", "expm1", (power.children[1],))
    if node.kind == "call" and node.value == "log" and node.children[0].kind == "sum":
        terms = node.children[0].children
        rest = tuple(term for term in terms if term != one)
        if len(rest) == len(terms) - 1:
            argument = rest[0] if len(rest) == 1 else Node("sum", "", rest)
            return Node("call", "log1p", (argument,))
    return node


def evaluate(node: Node, values: Mapping[str, Any], arithmetic: Arithmetic) -> Any:
    """Evaluate a tree.

    Parameters
    ----------
    node : Node
        As `read` returns it.
    values : mapping of str to number or array
        What the names stand for.
    arithmetic : Arithmetic
        Where the functions are.

    Returns
    -------
    number or array
        Of the arithmetic; with float64 correct to a few units in the last place of each
        operation, `e` to a power being `exp`.

    Raises
    ------
    KeyError
        Where a name has no value.
    """

    def of(part: Node) -> Any:
        return evaluate(part, values, arithmetic)

    kind, children = node.kind, node.children
    if kind == "number":
        return arithmetic.number(node.value)
    if kind == "constant":
        return +getattr(arithmetic.library, node.value)
    if kind == "name":
        return values[node.value]
    if kind == "cases":
        return _cases(node, of, arithmetic)
    if kind == "otherwise":
        return True
    if kind == "power" and children[0] == Node("constant", "e"):
        return arithmetic.call("exp", [of(children[1])])
    if kind == "product":
        result = of(children[0])
        for factor in children[1:]:
            divided = factor.kind == "reciprocal"
            other = of(factor.children[0] if divided else factor)
            result = result / other if divided else result * other
        return result
    parts = [of(child) for child in children]
    if kind == "reciprocal":
        return 1 / parts[0]
    if kind == "call":
        return arithmetic.call(node.value, parts)
    if kind == "sum":
        return reduce(operator.add, parts)
    if kind == "negative":
        return -parts[0]
    if kind == "power":
        return parts[0] ** parts[1]
    if kind == "relation":
        return _COMPARE[node.value](*parts)
    if kind == "and":
        return parts[0] & parts[1]
    raise ValueError(f"{node} has no value")


def _cases(node: Node, of: Callable[[Node], Any], arithmetic: Arithmetic) -> Any:
    pairs = list(zip(node.children[::2], node.children[1::2], strict=True))
    result = arithmetic.number("nan")
    if arithmetic.where is None:
        return next((of(value) for value, condition in pairs if of(condition)), result)
    for value, condition in reversed(pairs):
        result = arithmetic.where(of(condition), of(value), result)
    return result
