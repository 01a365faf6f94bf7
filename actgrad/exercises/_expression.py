"""A small language for answers: parsed by hand, never evaluated as Python.

A grader reads text from people it cannot trust, so the text is turned into a tree by recursive
descent, with a bound on its length and depth, and the tree is evaluated on NumPy arrays. Its
cost is linear in the text: there is no integer power tower and no symbolic simplifier to hang.
``answer_box.js`` speaks the same language, and one table of cases tests both.

Grammar::

    sum     = product { ("+" | "-") product }
    product = unary { ("*" | "/") unary | power }     a factor may follow without "*"
    unary   = ("+" | "-") unary | power
    power   = atom [ ("^" | "**") unary ]              so that -x^2 is -(x^2)
    atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAX_LENGTH = 500
MAX_DEPTH = 60


class ExpressionError(ValueError):
    """The text is not an expression of the answer language; the message says where and why."""


def _sigma(x: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


# name -> (number of arguments, the function)
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "exp": (1, np.exp),
    "expm1": (1, np.expm1),
    "log": (1, np.log),
    "log1p": (1, np.log1p),
    "sqrt": (1, np.sqrt),
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tan": (1, np.tan),
    "sinh": (1, np.sinh),
    "cosh": (1, np.cosh),
    "tanh": (1, np.tanh),
    "abs": (1, np.abs),
    "sign": (1, np.sign),
    "sigma": (1, _sigma),
    "relu": (1, lambda x: np.maximum(x, 0.0)),
    "softplus": (1, lambda x: np.logaddexp(0.0, x)),
    "max": (2, np.maximum),
    "min": (2, np.minimum),
}
ALIASES = {
    "ln": "log",
    "sigmoid": "sigma",
    "σ": "sigma",
    "Abs": "abs",
    "Max": "max",
    "Min": "min",
}
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/"})
_POWERS = {"²": "^2", "³": "^3"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/^(),]))"
)


@dataclass(frozen=True)
class Node:
    """One node of an expression: a ``number``, a ``name``, an operator or a ``call``."""

    kind: str
    value: Any = None
    children: tuple["Node", ...] = ()

    def __str__(self) -> str:
        """Write the expression with every operation in parentheses: how it was read."""
        parts = [str(child) for child in self.children]
        if self.kind == "number":
            return f"{self.value:g}"
        if self.kind == "name":
            return str(self.value)
        if self.kind == "negative":
            return f"(-{parts[0]})"
        if self.kind == "call":
            return f"{self.value}({', '.join(parts)})"
        return f"({parts[0]} {self.kind} {parts[1]})"


def _tokens(text: str) -> list[tuple[str, str, int]]:
    tokens = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:].lstrip()
            raise ExpressionError(f"I cannot read {rest[:1]!r} (character {position + 1})")
        kind = str(match.lastgroup)
        tokens.append((kind, match[kind], match.start(kind) + 1))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, text: str, names: Iterable[str]) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(
                f"the answer has {len(text)} characters; at most {MAX_LENGTH} are read"
            )
        for sign, power in _POWERS.items():
            text = text.replace(sign, power)
        self.names = frozenset(names)
        self.tokens = [*_tokens(text.translate(_SIGNS)), ("end", "", len(text) + 1)]
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> str:
        return self.tokens[self.position][1]

    @property
    def kind(self) -> str:
        return self.tokens[self.position][0]

    def advance(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1][1]

    def expect(self, sign: str) -> None:
        if self.token != sign:
            found = repr(self.token) if self.token else "the end"
            where = self.tokens[self.position][2]
            raise ExpressionError(f"I expected {sign!r}, not {found} (character {where})")
        self.advance()

    def parse(self) -> Node:
        if self.kind == "end":
            raise ExpressionError("the answer is empty")
        node = self.sum()
        if self.kind != "end":
            where = self.tokens[self.position][2]
            raise ExpressionError(f"I did not expect {self.token!r} here (character {where})")
        return node

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of parentheses or powers")
        node = self.product()
        while self.token in ("+", "-"):
            node = Node(self.advance(), None, (node, self.product()))
        self.depth -= 1
        return node

    def product(self) -> Node:
        node = self.unary()
        while True:
            if self.token in ("*", "/"):
                node = Node(self.advance(), None, (node, self.unary()))
            elif self.kind in ("number", "name") or self.token == "(":
                node = Node("*", None, (node, self.power()))
            else:
                return node

    def unary(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels of parentheses or powers")
        if self.token in ("+", "-"):
            sign = self.advance()
            inner = self.unary()
            node = Node("negative", None, (inner,)) if sign == "-" else inner
        else:
            node = self.power()
        self.depth -= 1
        return node

    def power(self) -> Node:
        node = self.atom()
        if self.token in ("^", "**"):
            self.advance()
            node = Node("^", None, (node, self.unary()))
        return node

    def atom(self) -> Node:
        kind, text, where = self.tokens[self.position]
        if kind == "number":
            self.advance()
            return Node("number", float(text))
        if text == "(":
            self.advance()
            node = self.sum()
            self.expect(")")
            return node
        if kind == "name":
            self.advance()
            return self.named(text, where)
        found = repr(text) if text else "the end"
        raise ExpressionError(
            f"I expected a number, a name or '(', not {found} (character {where})"
        )

    def named(self, text: str, where: int) -> Node:
        if text in self.names:
            return Node("name", text)
        name = ALIASES.get(text, text)
        if name in FUNCTIONS:
            arity = FUNCTIONS[name][0]
            self.expect("(")
            arguments = [self.sum()]
            while self.token == ",":
                self.advance()
                arguments.append(self.sum())
            self.expect(")")
            if len(arguments) != arity:
                raise ExpressionError(
                    f"{text} takes {arity} argument{'s' * (arity > 1)}, not {len(arguments)}"
                )
            return Node("call", name, tuple(arguments))
        if text in CONSTANTS:
            return Node("number", CONSTANTS[text])
        known = ", ".join(sorted(self.names)) or "none: the answer is a number"
        raise ExpressionError(
            f"I do not know {text!r} (character {where}); the letters of this exercise are: "
            f"{known}; a product needs a '*'"
        )


def parse(text: str, names: Iterable[str] = ()) -> Node:
    """Read an answer such as ``y*(1-y)`` or ``exp(-x)/(1+exp(-x))**2``.

    Parameters
    ----------
    text : str
        At most 500 characters. ``^`` and ``**`` are both powers, ``e`` is Euler's number.
    names : iterable of str
        The letters that may stand in the answer.

    Returns
    -------
    Node
        An immutable tree; ``str`` of it shows how the text was read.

    Raises
    ------
    ExpressionError
        Where the text is not in the language; the message says where and what to write.
    """
    return _Parser(text, names).parse()


def evaluate(node: Node, values: Mapping[str, Any]) -> Array:
    """Evaluate a parsed answer in float64; what is undefined is ``nan``, never a warning."""
    with np.errstate(all="ignore"):
        return np.asarray(_evaluate(node, values), dtype=float)


def _evaluate(node: Node, values: Mapping[str, Any]) -> Any:
    if node.kind == "number":
        return np.float64(node.value)
    if node.kind == "name":
        return np.asarray(values[node.value], dtype=float)
    children = [_evaluate(child, values) for child in node.children]
    if node.kind == "call":
        return FUNCTIONS[node.value][1](*children)
    if node.kind == "negative":
        return -children[0]
    left, right = children
    if node.kind == "+":
        return left + right
    if node.kind == "-":
        return left - right
    if node.kind == "*":
        return left * right
    if node.kind == "/":
        return left / right
    return np.power(left, right)
