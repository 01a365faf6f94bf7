"""From text to an expression, safely: a tokenizer and a recursive descent, no ``eval``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, NoReturn

import sympy

from actgrad.derivations._expression import (
    D,
    Expr,
    IndexSum,
    SumExcept,
    add,
    divide,
    is_reciprocal,
    multiply,
    negate,
    raise_to,
)

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_NODES = 1000
MAX_DIGITS = 40
MAX_EXPONENT = 200


class ParseError(ValueError):
    """The text is not an expression; the message says where and what to write."""


class Token(NamedTuple):
    kind: str
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[A-Za-z]\w*'?)"
    r"|(?P<sign>\*\*|<=|>=|!=|==|[-+*/^(),<>\[\]])",
    re.ASCII,
)


def _unevaluated(head: Callable[..., Expr]) -> Callable[[Expr], Expr]:
    return lambda argument: head(argument, evaluate=False)


def _extremum(head: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda *arguments: head(*arguments, evaluate=False)


def _sigmoid(x: Expr) -> Expr:
    return divide(1, add(1, raise_to(sympy.E, negate(x))))


def _softplus(x: Expr) -> Expr:
    return sympy.log(add(1, raise_to(sympy.E, x)), evaluate=False)


def _relu(x: Expr) -> Expr:
    return sympy.Max(0, x, evaluate=False)


FUNCTIONS: Mapping[str, tuple[int | None, Callable[..., Expr]]] = {
    **{
        name: (1, _unevaluated(getattr(sympy, name)))
        for name in (
            *("log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf", "sign"),
            *("asin", "acos", "asinh", "atanh", "acosh", "sec", "csc", "cot"),
            *("sech", "csch", "coth", "erfc", "gamma", "floor"),
        )
    },
    "exp": (1, lambda argument: raise_to(sympy.E, argument)),
    "ln": (1, _unevaluated(sympy.log)),
    "abs": (1, _unevaluated(sympy.Abs)),
    "arctan": (1, _unevaluated(sympy.atan)),
    "sqrt": (1, lambda argument: raise_to(argument, sympy.Rational(1, 2))),
    "max": (None, _extremum(sympy.Max)),
    "min": (None, _extremum(sympy.Min)),
    "sigmoid": (1, _sigmoid),
    "softplus": (1, _softplus),
    "relu": (1, _relu),
}
_SPELLINGS = {"Max": "max", "Min": "min", "Abs": "abs", "piecewise": "Piecewise"}
_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E}
_RELATIONS: Mapping[str, Callable[..., Expr]] = {
    "<": sympy.StrictLessThan,
    "<=": sympy.LessThan,
    ">": sympy.StrictGreaterThan,
    ">=": sympy.GreaterThan,
    "==": sympy.Eq,
    "!=": sympy.Ne,
}


def parse(text: str, names: Mapping[str, Expr] | None = None) -> Expr:
    """Return the expression that the text spells, unevaluated and in its own order.

    ``parse("x*tanh(log(1 + e^x))")``. Every unknown name is a real variable; the known ones are
    the elementary functions, ``max``, ``min``, ``abs``, ``sign``, ``e``, ``pi``, and
    ``Piecewise((value, condition), ...)``. The text is never executed.

    Parameters
    ----------
    text
        At most 2000 characters; ``^`` or ``**`` for powers, ``*`` must be written.
    names
        What certain names stand for: a symbol with other assumptions, a function symbol or an
        indexed base. With names given, the book's notation is understood too:
        ``D(f, x)`` for df/dx, ``sum(term, j, 1, n)``, ``sum(term, j, 1, n, i)`` for the sum
        over all j but i, ``delta(i, k)`` and ``S[i]``.

    Returns
    -------
    The unevaluated SymPy expression.

    Raises
    ------
    ParseError
        With the place and what to write instead.
    """
    return _Parser(text, names).parse()


class _Parser:
    def __init__(self, text: str, names: Mapping[str, Expr] | None) -> None:
        if not isinstance(text, str):
            raise TypeError(f"parse needs a string, got {type(text).__name__}")
        if len(text) > MAX_LENGTH:
            raise ParseError(f"{len(text)} characters are too many: at most {MAX_LENGTH}")
        self.text = text
        self.names = dict(names or {})
        self.notation = names is not None
        self.tokens = self.tokenize()
        self.index = 0
        self.depth = 0

    def tokenize(self) -> list[Token]:
        tokens = []
        position = 0
        while position < len(self.text):
            found = _TOKEN.match(self.text, position)
            if found is None or found.lastgroup is None:
                self.fail(
                    f"{self.text[position]!r} is not part of an expression", position=position
                )
            if found.lastgroup != "space":
                tokens.append(Token(found.lastgroup, found.group(), position))
            position = found.end()
        if len(tokens) > MAX_NODES:
            raise ParseError(f"{len(tokens)} signs are too many: at most {MAX_NODES}")
        return [*tokens, Token("end", "", len(self.text))]

    def fail(self, message: str, position: int | None = None) -> NoReturn:
        place = self.tokens[self.index].position if position is None else position
        shown = self.text[max(0, place - 20) : place + 20]
        raise ParseError(f"{message} (at character {place + 1}: {shown!r})")

    def peek(self) -> str:
        token = self.tokens[self.index]
        return token.text if token.kind in ("sign", "end") else ""

    def take(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def accept(self, *signs: str) -> str | None:
        if self.peek() in signs and self.tokens[self.index].kind == "sign":
            return self.take().text
        return None

    def expect(self, sign: str) -> None:
        if self.accept(sign) is None:
            got = self.tokens[self.index].text or "the end"
            self.fail(f"expected {sign!r}, got {got!r}")

    def parse(self) -> Expr:
        expression = self.sum()
        token = self.tokens[self.index]
        if token.kind != "end":
            hint = "; write * between factors" if token.kind in ("name", "number") else ""
            self.fail(f"{token.text!r} does not follow{hint}")
        return expression

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ParseError(f"nested too deeply: at most {MAX_DEPTH} levels")

    def sum(self) -> Expr:
        self.deeper()
        terms = [self.product()]
        while sign := self.accept("+", "-"):
            term = self.product()
            terms.append(negate(term) if sign == "-" else term)
        self.depth -= 1
        return add(*terms)

    def product(self) -> Expr:
        if self.accept("-"):
            self.deeper()
            term = negate(self.product())
            self.depth -= 1
            return term
        factors = [self.signed()]
        # A product in brackets stays a group; "a*b/c" is one bar.
        while sign := self.accept("*", "/"):
            factor = self.signed()
            if sign == "/" and factor == 0:
                self.fail("division by 0")
            if sign == "*":
                factors.append(factor)
            else:
                factors.append(divide(1, factor))
                if len(factors) == 2 and factors[0] == 1:
                    del factors[0]
        if len(factors) == 1:
            return factors[0]
        if all(map(is_reciprocal, factors)):
            return multiply(*factors)
        return sympy.Mul(*factors, evaluate=False)

    def signed(self) -> Expr:
        if self.accept("+"):
            return self.signed()
        if self.accept("-"):
            self.deeper()
            operand = self.signed()
            self.depth -= 1
            return negate(operand)
        return self.power()

    def power(self) -> Expr:
        base = self.atom()
        if not self.accept("^", "**"):
            return base
        self.deeper()
        exponent = self.signed()
        self.depth -= 1
        constant = not exponent.free_symbols and not exponent.atoms(sympy.Function)
        if constant and _magnitude(exponent) > MAX_EXPONENT:
            self.fail(f"the exponent is too large: at most {MAX_EXPONENT}")
        return raise_to(base, exponent)

    def atom(self) -> Expr:
        token = self.take()
        if token.kind == "number":
            if len(token.text) > MAX_DIGITS:
                self.fail(f"the number is too long: at most {MAX_DIGITS} digits")
            return sympy.Rational(token.text)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        self.index -= 1
        self.fail(f"expected a number, a name or '(', got {token.text or 'the end'!r}")

    def arguments(self, closing: str) -> list[Expr]:
        arguments = [self.sum()]
        while self.accept(","):
            arguments.append(self.sum())
        self.expect(closing)
        return arguments

    def named(self, token: Token) -> Expr:
        name = _SPELLINGS.get(token.text, token.text)
        if self.accept("("):
            return self.call(name, token)
        if self.peek() == "[":
            base = self.names.get(name)
            if not isinstance(base, sympy.IndexedBase):
                self.fail(f"{name!r} has no indices")
            self.take()
            indices = self.arguments("]")
            return base[tuple(indices)] if len(indices) > 1 else base[indices[0]]
        if name in self.names:
            value = self.names[name]
            if not isinstance(value, sympy.Expr):
                self.fail(f"{name!r} needs an argument")
            return value
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in FUNCTIONS or name == "Piecewise":
            self.fail(f"{name} needs an argument: write {name}(x)")
        if "_" in name[:1] or "__" in name or name.endswith("'"):
            self.fail(f"{name!r} is not a name for a variable")
        return sympy.Symbol(name, real=True)

    def call(self, name: str, token: Token) -> Expr:
        if name == "Piecewise":
            return self.piecewise()
        if name in self.names:
            return self.names[name](*self.arguments(")"))
        if self.notation and name in ("D", "sum", "delta"):
            return self.notated(name, self.arguments(")"))
        if name not in FUNCTIONS:
            known = ", ".join(sorted([*FUNCTIONS, "Piecewise"]))
            self.fail(f"the function {name!r} is not known; known are {known}", token.position)
        arity, head = FUNCTIONS[name]
        arguments = self.arguments(")")
        if arity is not None and len(arguments) != arity:
            self.fail(f"{name} takes {arity} argument, got {len(arguments)}", token.position)
        return head(*arguments)

    def notated(self, name: str, arguments: list[Expr]) -> Expr:
        if name == "D":
            return D(*arguments)
        if name == "delta":
            return sympy.KroneckerDelta(*arguments)
        term, index, first, last, *excepted = arguments
        if first != 1:
            self.fail("sums start at 1")
        if excepted:
            return SumExcept(term, index, last, excepted[0])
        return IndexSum(term, index, last)

    def piecewise(self) -> Expr:
        pairs = []
        while True:
            self.expect("(")
            value = self.sum()
            self.expect(",")
            pairs.append((value, self.condition()))
            self.expect(")")
            if not self.accept(","):
                break
        self.expect(")")
        return sympy.Piecewise(*pairs, evaluate=False)

    def condition(self) -> Expr:
        if self.tokens[self.index].text in ("True", "otherwise"):
            self.take()
            return sympy.true
        left = self.sum()
        sign = self.accept(*_RELATIONS)
        if sign is None:
            self.fail("expected a condition such as x > 0")
        middle = self.sum()
        relation = _RELATIONS[sign](left, middle, evaluate=False)
        second = self.accept("<", "<=")
        if second is None:
            return relation
        if sign not in ("<", "<="):
            self.fail("a chain of conditions goes up: write a < x < b")
        other = _RELATIONS[second](middle, self.sum(), evaluate=False)
        return sympy.And(relation, other, evaluate=False)


def _magnitude(expression: Expr) -> float:
    """Bound a constant from above without computing it."""
    if expression.is_Number:
        return float(min(abs(expression), 10**9))
    if isinstance(expression, sympy.Add):
        return sum(_magnitude(term) for term in expression.args)
    if isinstance(expression, sympy.Mul):
        product = 1.0
        for factor in expression.args:
            product *= _magnitude(factor) if not is_reciprocal(factor) else 1.0
        return min(product, 1e9)
    if isinstance(expression, sympy.Pow) and not is_reciprocal(expression):
        base, exponent = map(_magnitude, expression.args)
        return float(base**exponent) if exponent * base < 100 else 1e9
    return 4.0
