r"""The one small language of formulas and answers: text to a tree, and nothing is executed.

A tokenizer and a recursive descent with bounds on length, depth and numbers; the cost is
linear in the text. ``language.js`` is its twin: one table of cases is read by both. ::

    sum      = product { ("+" | "-") product }
    product  = "-" product | signed { ("*" | "/") signed | power }
    signed   = { "+" } [ "-" signed ] | power
    power    = atom [ ("^" | "**") signed | raised digits ]
    atom     = number [ "%" ] | name | function arguments | bracket | "|" sum "|" | \frac{}{}

What can be read in two ways is read in one, or refused:

- ``-x^2`` is ``-(x^2)`` and ``2^3^2`` is ``2^(3^2)``. A factor without a sign binds like
  ``*``: ``1/2y`` is ``(1/2)*y``, ``e^2x`` is ``(e^2)*x``.
- ``e`` is Euler's number, unless it is one of the caller's letters. ``1e-7`` is a number.
- A known name is that name. An unknown word is a product of letters where each of them is
  known (``ky``, ``xe^x``), and it may end in a function (``xtanh(x)``). Where every name is a
  variable, a word of two letters is a product, a longer one only if each of its letters stands
  alone elsewhere; Greek names, ``lam`` and names with digits are letters. A word that is a
  variable, ``slope*x``, needs its signs.
- A letter before a bracket multiplies: ``y(1-y)``. Where every name is a variable, ``f(x)``,
  ``g(x)``, ``h(x)`` and capitals are refused: they look like functions nobody has defined.
- ``sigma``, ``gamma``, ``Phi``, ``phi`` are functions before a bracket and letters elsewhere.
- A function goes without brackets before one number, one name, or a number joined to a name:
  ``ln 2``, ``sin 2x``. ``sin x^2`` and ``ln 2 x`` are refused, and so is ``sin^-1(x)``;
  ``tanh^2(x)`` is ``tanh(x)^2``. ``log`` is the natural logarithm.
- Square brackets and braces are brackets, except behind a base with indices; ``z[1]`` and
  ``z[i]`` of another name are refused.
- A bar closes if one is open in the same bracket: ``|x|y|`` is refused.
- A comma between digits is a decimal comma, but in a function's brackets it separates.
  ``1,600`` is refused, and so are ``1 600``, ``2½`` and ``x 2``.
- A left side, ``y =``, ``f'(x) =`` or ``dy/dx =``, is left out.
- Where derivatives may stand, ``d/dx(x^2)`` and ``D(x^2, x)`` are the derivative, not carried
  out, so is ``du/dx`` of a letter, and ``tanh'(x)`` of a function. What ``d/dx`` differentiates
  stands in brackets: ``d/dx x^2`` and ``d/dx(x)^2`` are refused, and so is ``tanh'(2x)``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, NoReturn

from actgrad.atlas._table import (
    BRACKETS,
    CASES,
    CONSTANTS,
    DID_YOU_MEAN,
    FRACTIONS,
    FUNCTIONS,
    GREEK,
    LATEX,
    LEFT_SIDE,
    LETTERS,
    LIKE_FUNCTIONS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_LENGTH,
    MAX_SIGNS,
    MESSAGES,
    NO_LETTERS,
    OTHERWISE,
    RAISED,
    RELATIONS,
    SIGNS,
    SPELLINGS,
    THE_FUNCTIONS,
    THE_LETTERS,
    TOKENS,
)

_TOKEN = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in TOKENS.items()))
_LEFT = re.compile(LEFT_SIDE)
_ABOVE = re.compile("d[A-Za-z0-9_]*")
_BELOW = re.compile("d[A-Za-z0-9_]+")


class ParseError(ValueError):
    """The text is not an expression; the message says what, where and what to write instead.

    Attributes
    ----------
    code : str
        Which of the language's messages this is.
    position : int
        The character, counted from 1.
    """

    def __init__(self, message: str, code: str, position: int) -> None:
        super().__init__(message)
        self.code = code
        self.position = position


@dataclass(frozen=True)
class Node:
    """One node of an expression; ``str`` of it shows, in the language, how the text was read.

    ======================= ============================================================
    kind                    value and children
    ======================= ============================================================
    number, constant, name  the digits as text, ``e`` or ``pi``, the name; no children
    sum, product            the terms; the factors, a divisor being a ``reciprocal``
    negative, reciprocal    one child
    power                   base and exponent
    call, index             the name; the arguments or the indices
    cases                   value, condition, value, condition, ...
    relation, and           the sign and two sides; two relations
    otherwise               none
    ======================= ============================================================
    """

    kind: str
    value: str = ""
    children: tuple["Node", ...] = ()

    def __str__(self) -> str:
        return written(self)

    def names(self) -> frozenset[str]:
        """Return the names that stand in it."""
        own = frozenset({self.value}) if self.kind == "name" else frozenset()
        return own.union(*(child.names() for child in self.children))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def read(
    text: str,
    letters: Collection[str] = (),
    *,
    others: Collection[str] = (),
    free: bool = False,
    functions: Collection[str] = (),
    indexed: Collection[str] = (),
) -> Node:
    """Read a text.

    Parameters
    ----------
    text : str
        What a student or an author wrote.
    letters : collection of str
        The names that may stand in it; a Greek letter goes by its name, ``beta``.
    others : collection of str
        Names that are known and are not wanted: ``x`` where an answer in ``y`` was asked.
    free : bool
        Whether every other name is a variable too.
    functions, indexed : collection of str
        Names of the caller that are called, and those that have indices. With ``D`` among the
        functions, derivatives may stand in the text.

    Returns
    -------
    Node
        An immutable tree that keeps the order of the text.

    Raises
    ------
    ParseError
        With the code of the mistake, its place and what to write instead.
    TypeError
        Where there is no text.

    Examples
    --------
    >>> str(read("y = 2x·tanh²(βx)", ["x", "beta"]))
    '2*x*tanh(beta*x)^2'
    """
    if not isinstance(text, str):
        raise TypeError(f"the language needs a string, got {type(text).__name__}")
    return _Reader(text, letters, others, free, functions, indexed).expression()


class _Reader:
    def __init__(
        self,
        text: str,
        letters: Collection[str],
        others: Collection[str],
        free: bool,
        functions: Collection[str],
        indexed: Collection[str],
    ) -> None:
        self.text = text
        self.letters = set(letters)
        self.others = set(others) - self.letters
        self.free = free
        self.functions = set(functions)
        self.indexed = set(indexed)
        self.index = self.depth = 0
        self.bars = self.lists = 0  # open in the bracket that is being read
        self.bare = (-1, "")  # where a function's argument without brackets ended
        self.tokens: list[_Token] = []
        if len(text) > MAX_LENGTH:
            self.fail("length", len(text), at=0)
        self.tokenize()
        self.alone = {t.text for t in self.tokens if t.kind == "name" and len(t.text) == 1}

    # Text to tokens

    def tokenize(self) -> None:
        end = len(self.text.rstrip(" \t\r\n"))
        position = end - len(self.text[:end].lstrip(" \t\r\n"))
        if end - position > 1 and self.text[position] == self.text[end - 1] == "$":
            position, end = position + 1, end - 1
        if left := _LEFT.match(self.text, position, end):
            position = left.end()
        while position < end:
            found = _TOKEN.match(self.text, position, end)
            if found is None or found.lastgroup is None:
                letter = self.text[position]
                shown = letter if letter >= " " and letter != "\x7f" else f"U+{ord(letter):04X}"
                self.fail("character", shown, at=position)
            if found.lastgroup != "space":
                self.tokens.append(self.token(found.lastgroup, found.group(), position))
            position = found.end()
        if len(self.tokens) > MAX_SIGNS:
            self.fail("signs", len(self.tokens), at=0)
        self.tokens.append(_Token("end", "", end, end))

    def token(self, kind: str, text: str, start: int) -> _Token:
        end = start + len(text)
        if kind == "sign":
            text = SIGNS.get(text, text).removeprefix("\\")
        elif kind == "number":
            text = text.replace("−", "-")
        elif kind == "raised":
            text = "".join(RAISED[letter] for letter in text)
        elif kind == "name":
            text = text.replace("′", "'")
            text = GREEK.get(text[0], text[0]) + text[1:]
        elif kind == "latex":
            word = text[1:].partition("{")[2].removesuffix("}") or text[1:]
            text = LATEX.get(word, word)
            if text in SPELLINGS or text in LETTERS or "{" in self.text[start:end]:
                kind = "name"
            elif not text.isalpha():
                kind = "sign"
            elif text != "frac":
                self.fail("latex", f"\\{word}", at=start)
        return _Token(kind, text, start, end)

    def fail(self, code: str, *words: object, at: int | None = None) -> NoReturn:
        position = self.here.start if at is None else at
        message = _filled(MESSAGES[code], *words)
        shown = self.text[max(0, position - 20) : position + 20]
        shown = re.sub(r"[\x00-\x1f\x7f]", " ", shown).strip(" ")
        where = f" (at character {position + 1}: '{shown}')" if shown else ""
        raise ParseError(message + where, code, position + 1)

    @property
    def here(self) -> _Token:
        return self.tokens[self.index]

    def ahead(self, count: int) -> _Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def take(self) -> _Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def sees(self, *signs: str) -> bool:
        return self.here.kind == "sign" and self.here.text in signs

    def accept(self, *signs: str) -> str:
        return self.take().text if self.sees(*signs) else ""

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            self.fail("expected", sign, self.shown())

    def shown(self) -> str:
        return f"'{self.source()}'" if self.here.text else "the end"

    def source(self) -> str:
        return self.text[self.here.start : self.here.end]

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("depth")

    # Tokens to a tree

    def expression(self) -> Node:
        if self.here.kind == "end":
            self.fail("empty", at=0)
        node = self.sum()
        if self.here.kind != "end":
            if self.sees("=", "=="):
                self.fail("equals")
            self.fail("follows", self.source())
        return node

    def sum(self) -> Node:
        self.deeper()
        terms = [self.product()]
        while sign := self.accept("+", "-"):
            term = self.product()
            terms.append(Node("negative", "", (term,)) if sign == "-" else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Node("sum", "", tuple(terms))

    def product(self) -> Node:
        if self.accept("-"):
            self.deeper()
            node = Node("negative", "", (self.product(),))
            self.depth -= 1
            return node
        factors = [self.signed()]
        while True:
            if self.accept("*"):
                factors.append(self.signed())
            elif self.accept("/"):
                factors.append(self.divisor())
            elif self.starts_a_factor():
                factors.append(self.power())
            else:
                return factors[0] if len(factors) == 1 else Node("product", "", tuple(factors))

    def divisor(self) -> Node:
        place = self.here.start
        node = self.signed()
        bare = node
        while bare.kind == "negative":
            bare = bare.children[0]
        if bare.kind == "number" and float(bare.value) == 0:
            self.fail("zero", at=place)
        return Node("reciprocal", "", (node,))

    def starts_a_factor(self) -> bool:
        kind, text, *_ = self.here
        if kind in ("number", "fraction"):
            before = self.tokens[self.index - 1]
            self.fail("numbers" if before.kind in ("number", "fraction") else "number after")
        starts = kind in ("name", "latex") or self.sees(*BRACKETS, "√")
        starts = starts or (self.sees("|") and not self.bars)
        place, name = self.bare
        if starts and place == self.index and text not in SPELLINGS:
            self.fail("bare argument", name)
        return starts

    def signed(self) -> Node:
        while self.accept("+"):
            pass
        if not self.accept("-"):
            return self.power()
        self.deeper()
        node = Node("negative", "", (self.signed(),))
        self.depth -= 1
        return node

    def power(self) -> Node:
        base = self.atom()
        place, name = self.bare
        if place == self.index and (self.sees("^") or self.here.kind == "raised"):
            self.fail("bare argument", name)
        if self.here.kind == "raised":
            return Node("power", "", (base, self.raised()))
        if not self.accept("^"):
            return base
        start = self.here.start
        self.deeper()
        exponent = self.signed()
        self.depth -= 1
        euler = base.kind == "constant" and base.value == "e"
        if not euler and _size(exponent) > MAX_EXPONENT:
            self.fail("exponent", at=start)
        return Node("power", "", (base, exponent))

    def raised(self) -> Node:
        token = self.take()
        digits = token.text.lstrip("+-")
        if digits.isdigit():
            if len(digits) > 3 or int(digits) > MAX_EXPONENT:
                self.fail("exponent", at=token.start)
            node = Node("number", digits)
        else:
            if digits not in self.letters and not self.free:
                self.unknown(digits, token)
            node = Node("name", digits)
        return Node("negative", "", (node,)) if token.text[0] == "-" else node

    def atom(self) -> Node:
        token = self.here
        if token.kind == "name":
            return self.named(self.take())
        if token.kind == "number":
            return self.number()
        if token.kind == "fraction":
            parts = FRACTIONS[self.take().text].split("/")
            above, below = (Node("number", part) for part in parts)
            return Node("product", "", (above, Node("reciprocal", "", (below,))))
        if token.kind == "latex":
            return self.fraction(self.take())
        if sign := self.accept(*BRACKETS):
            return self.bracket(BRACKETS[sign])
        if self.accept("√"):
            return self.call("sqrt", token)
        if self.accept("|"):
            self.bars += 1
            lists, self.lists = self.lists, 0
            node = self.sum()
            self.lists = lists
            self.expect("|")
            self.bars -= 1
            return Node("call", "abs", (node,))
        self.fail("operand", self.shown())

    def number(self) -> Node:
        token = self.take()
        text = token.text
        if not self.lists and self.sees(",") and self.here.start == token.end:
            after = self.ahead(1)
            if after.kind == "number" and after.start == self.here.end:
                whole = f"{text},{after.text}"
                thousands = len(after.text) == 3 and text[0] != "0" and len(text) < 4
                if thousands or not (text.isdigit() and after.text.isdigit()):
                    self.fail("comma", whole, at=token.start)
                self.index += 2
                text = f"{text}.{after.text}"
        mantissa, _, exponent = text.lower().partition("e")
        if len(mantissa) > MAX_DIGITS:
            self.fail("digits", at=token.start)
        if exponent and (len(exponent) > 4 or abs(int(exponent)) > MAX_EXPONENT):
            self.fail("exponent", at=token.start)
        node = Node("number", text.lower())
        if not self.accept("%"):
            return node
        return Node("product", "", (node, Node("reciprocal", "", (Node("number", "100"),))))

    def bracket(self, closing: str) -> Node:
        bars, lists, self.bars, self.lists = self.bars, self.lists, 0, 0
        node = self.sum()
        self.expect(closing)
        self.bars, self.lists = bars, lists
        return node

    def fraction(self, token: _Token) -> Node:
        above, below = self.ahead(1).text, self.ahead(4).text
        bars = [self.ahead(place).text for place in (0, 2, 3, 5)] == ["{", "}", "{", "}"]
        if (
            "D" in self.functions
            and bars
            and _ABOVE.fullmatch(above)
            and _BELOW.fullmatch(below)
        ):
            self.index += 6
            return self.differentiated(above, below, token)
        groups = [self.group(token) for _ in range(2)]
        return Node("product", "", (groups[0], Node("reciprocal", "", (groups[1],))))

    def group(self, token: _Token) -> Node:
        """Read what a fraction takes; without braces that is one digit or one letter."""
        if self.accept("{"):
            return self.bracket("}")
        here = self.here
        if here.kind == "name" and len(here.text) == 1:
            return self.named(self.take())
        if here.kind != "number" or not here.text.isdigit():
            self.fail("group", at=token.start)
        if len(here.text) == 1:
            self.index += 1
        else:
            self.tokens[self.index] = _Token("number", here.text[1:], here.start + 1, here.end)
        return Node("number", here.text[0])

    # Names

    def named(self, token: _Token) -> Node:
        name = token.text
        if "D" in self.functions and (node := self.derivative(token)):
            return node
        if name in self.indexed and self.accept("["):
            return Node("index", name, self.arguments("]"))
        if name in self.functions:
            if not self.accept("("):
                self.fail("argument", name)
            return Node("call", name, self.arguments(")"))
        if name in self.letters or name in self.indexed:
            return self.letter(token)
        if name in self.others:
            self.fail("outside", ", ".join(sorted(self.letters)), name, at=token.start)
        if name in CASES:
            return self.cases(name)
        if name in SPELLINGS and (name not in LETTERS or self.is_called()):
            return self.call(SPELLINGS[name], token)
        if name in CONSTANTS:
            return Node("constant", CONSTANTS[name])
        if parts := self.parts(name):
            places = range(token.start, token.end)
            split = [
                _Token("name", part, places[0] + at, places[0] + at + len(part))
                for part, at in parts
            ]
            self.index -= 1
            self.tokens[self.index : self.index + 1] = split
            return self.named(self.take())
        return self.letter(token)

    def derivative(self, token: _Token) -> Node | None:
        """Return the derivative that begins at the name just taken; None if none does."""
        name = token.text
        if name.endswith("'") and name[:-1] in SPELLINGS and self.accept("("):
            arguments = self.arguments(")")
            if [argument.kind for argument in arguments] != ["name"]:
                self.fail("prime argument", name, at=token.start)
            return Node(
                "call", "D", (Node("call", SPELLINGS[name[:-1]], arguments), *arguments)
            )
        if _ABOVE.fullmatch(name) and self.sees("/") and _BELOW.fullmatch(self.ahead(1).text):
            self.take()
            return self.differentiated(name, self.take().text, token)
        return None

    def differentiated(self, above: str, below: str, token: _Token) -> Node:
        """Return d(...)/dx, what stands in brackets read, or du/dx."""
        variable = Node("name", below[1:])
        if len(above) > 1:
            return Node("call", "D", (Node("name", above[1:]), variable))
        sign = self.accept(*BRACKETS)
        if not sign:
            self.fail("derivative", below, at=token.start)
        node = Node("call", "D", (self.bracket(BRACKETS[sign]), variable))
        if self.sees("^") or self.here.kind == "raised":
            self.fail("derivative", below, at=token.start)
        return node

    def is_called(self) -> bool:
        if self.here.kind == "raised":
            return self.ahead(1).text == "("
        if self.sees("^"):
            return self.ahead(1).kind == "number" and self.ahead(2).text == "("
        return self.sees("(")

    def letter(self, token: _Token) -> Node:
        name = token.text
        if name not in self.letters and name not in self.indexed:
            if name.endswith("'"):
                self.fail("prime", name, at=token.start)
            if name.endswith("_") or "__" in name:
                self.fail("name", name, at=token.start)
            looks = (len(name) > 1 and name not in LETTERS) or name in LIKE_FUNCTIONS
            if self.sees("(") and looks:
                self.unknown_function(name, token)
            if name in SPELLINGS and not self.free:
                self.fail("argument", name, at=token.start)
            if not self.free:
                self.unknown(name, token)
            if name.isalpha() and len(name) > 2 and name not in LETTERS and self.is_joined():
                self.fail("word", name, at=token.start)
        inside, closing = self.ahead(1).kind, self.ahead(2).text
        if self.sees("[") and closing == "]" and inside in ("number", "name"):
            self.fail("indices", name)
        return Node("name", name)

    def is_joined(self) -> bool:
        """Tell whether the name just taken is a factor without a sign."""
        before = self.tokens[self.index - 2]  # before the first stands the last: the end
        after = self.here.kind in ("name", "latex") or self.sees(*BRACKETS, "√")
        if before.kind == "sign":
            return after or before.text in (*BRACKETS.values(), "%")
        return after or (before.kind != "end" and before.text not in SPELLINGS)

    def knows(self, letter: str) -> bool:
        known = letter in self.letters or letter in self.others or letter == "e"
        return known or (self.free and letter in self.alone)

    def parts(self, word: str) -> list[tuple[str, int]]:
        """Return the letters of a word that is a product, each with its place."""
        if not word.isalpha() or not word.isascii() or word in LETTERS:
            return []
        called = self.sees("(")
        if called:
            for place in range(1, len(word) - 1):
                if word[place:] in SPELLINGS and all(map(self.knows, word[:place])):
                    return [*zip(word, range(place), strict=False), (word[place:], place)]
        pair = self.free and len(word) == 2 and not called
        if len(word) > 1 and (pair or all(map(self.knows, word))):
            return list(zip(word, range(len(word)), strict=True))
        return []

    def unknown(self, name: str, token: _Token) -> NoReturn:
        letters = ", ".join(sorted(self.letters))
        which = _filled(THE_LETTERS, letters) if letters else NO_LETTERS
        near = _nearest(name, [*sorted(self.letters), *SPELLINGS, *CONSTANTS])
        advice = f"; {_filled(DID_YOU_MEAN, near)}" if near else ""
        self.fail("letter", name, which, advice, at=token.start)

    def unknown_function(self, name: str, token: _Token) -> NoReturn:
        near = _nearest(name, [*sorted(self.functions), *SPELLINGS])
        known = _filled(THE_FUNCTIONS, ", ".join([*sorted(self.functions), *FUNCTIONS]))
        self.fail(
            "function", name, _filled(DID_YOU_MEAN, near) if near else known, at=token.start
        )

    def call(self, name: str, token: _Token) -> Node:
        exponent = self.function_power(name, token)
        arguments: tuple[Node, ...]
        if self.sees(*BRACKETS):
            arguments = self.arguments(BRACKETS[self.take().text])
        elif self.sees("|") and not self.bars:
            arguments = (self.atom(),)
        else:
            arguments = (self.bare_argument(name, token),)
        arity = FUNCTIONS[name].arity
        if arity and len(arguments) != arity:
            self.fail("arity", name, arity, len(arguments), at=token.start)
        if not arity and len(arguments) < 2:
            self.fail("few", name, at=token.start)
        node = Node("call", name, arguments)
        return Node("power", "", (node, exponent)) if exponent else node

    def function_power(self, name: str, token: _Token) -> Node | None:
        if self.here.kind != "raised" and not self.sees("^"):
            return None
        if self.here.kind == "raised":
            exponent = self.raised()
        else:
            self.take()
            closing = BRACKETS.get(self.accept("{", "("), "")
            negative = self.accept("-")
            if self.here.kind != "number":
                self.fail("function power", name, at=token.start)
            exponent = self.number()
            exponent = Node("negative", "", (exponent,)) if negative else exponent
            if closing:
                self.expect(closing)
        inverse = exponent == Node("negative", "", (Node("number", "1"),))
        if inverse and f"arc{name}" in SPELLINGS:
            self.fail("inverse", name, at=token.start)
        if exponent.kind != "number" or not exponent.value.isdigit() or _size(exponent) > 99:
            self.fail("function power", name, at=token.start)
        return exponent

    def bare_argument(self, name: str, token: _Token) -> Node:
        number = self.number() if self.here.kind == "number" else None
        joined = self.tokens[self.index - 1].end == self.here.start and token.text != "√"
        word = self.here.text
        node = number
        if self.here.kind == "name" and (number is None or joined):
            if (word in SPELLINGS and word not in LETTERS) or word in self.functions:
                self.fail("bare argument", name)
            parts = self.parts(word)
            end = self.index + (len(parts) or 1)
            factors = [] if number is None else [number]
            while self.index < end:
                factors.append(self.named(self.take()))
            node = factors[0] if len(factors) == 1 else Node("product", "", tuple(factors))
        if node is None:
            self.fail("argument", name, at=token.start)
        self.bare = (self.index, name)
        return node

    def arguments(self, closing: str) -> tuple[Node, ...]:
        bars, lists, self.bars, self.lists = self.bars, self.lists, 0, 1
        arguments = [self.sum()]
        while self.accept(","):
            arguments.append(self.sum())
        self.expect(closing)
        self.bars, self.lists = bars, lists
        return tuple(arguments)

    # Cases

    def cases(self, name: str) -> Node:
        if not self.accept("("):
            self.fail("cases", name)
        bars, lists, self.bars, self.lists = self.bars, self.lists, 0, 1
        parts: list[Node] = []
        while not parts or self.accept(","):
            self.expect("(")
            parts.append(self.sum())
            self.expect(",")
            parts.append(self.condition())
            self.expect(")")
        self.expect(")")
        self.bars, self.lists = bars, lists
        return Node("cases", "", tuple(parts))

    def condition(self) -> Node:
        if self.here.text in OTHERWISE:
            self.take()
            return Node("otherwise")
        left = self.sum()
        sign = self.accept(*RELATIONS)
        if not sign:
            self.fail("condition")
        middle = self.sum()
        first = Node("relation", sign, (left, middle))
        second = self.accept(*RELATIONS)
        if not second:
            return first
        if not {sign, second} <= {"<", "<="}:
            self.fail("chain")
        return Node("and", "", (first, Node("relation", second, (middle, self.sum()))))


def _filled(message: str, *words: object) -> str:
    return re.sub(r"\{(\d)\}", lambda place: str(words[int(place[1])]), message)


def _size(node: Node) -> float:
    """Bound a constant from above without computing it; 0 for what holds names."""
    kind = node.kind
    if kind == "number":
        return min(float(node.value), 1e9)
    if kind == "constant":
        return 4.0
    sizes = [_size(child) for child in node.children if child.kind != "reciprocal"]
    if kind in ("name", "call", "index", "cases") or 0 in sizes:
        return 0.0
    if kind == "sum":
        return sum(sizes)
    if kind == "power":
        base, exponent = sizes
        if node.children[1].kind == "negative":
            return 1.0
        return float(base**exponent) if base * exponent < 100 else 1e9
    size = 1.0
    for factor in sizes:
        size *= factor
    return min(size, 1e9)


def _nearest(word: str, names: list[str]) -> str:
    """Return the name that is one or two slips of the pen away, or an empty text."""
    if len(word) > 20:
        return ""
    far = 1 + (len(word) > 4)
    nearest = ""
    for name in names:
        if name.lower() == word.lower():
            return name
        distance = _distance(word, name) if len(word) > 2 and len(name) > 2 else 99
        if distance <= far:
            nearest, far = name, distance - 1
    return nearest


def _distance(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for count, letter in enumerate(first, 1):
        diagonal, row[0] = row[0], count
        for place, other in enumerate(second, 1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (letter != other)),
            )
    return row[-1]


# How tightly each kind holds together; what is looser gets brackets.
_SUM, _PRODUCT, _POWER, _ATOM = range(1, 5)


def written(node: Node, level: int = 0) -> str:
    """Return the expression in plain notation, with the brackets that show how it was read.

    Parameters
    ----------
    node : Node
        As `read` returns it.
    level : int
        How tightly what stands around it holds together; 0 where nothing does.

    Examples
    --------
    >>> written(read("1/2y", ["y"]))
    '(1/2)*y'
    """
    kind, children = node.kind, node.children
    if kind == "sum":
        text = written(children[0], _SUM)
        for term in children[1:]:
            sign, shown = ("-", term.children[0]) if term.kind == "negative" else ("+", term)
            text += f" {sign} {written(shown, _PRODUCT)}"
        own = _SUM
    elif kind == "negative":
        text, own = "-" + written(children[0], _PRODUCT), _SUM
    elif kind == "product":
        text, own = written(children[0], _POWER), _PRODUCT
        for before, factor in pairwise(children):
            divided = factor.kind == "reciprocal"
            if before.kind == "reciprocal":
                text = f"({text})"
            shown = factor.children[0] if divided else factor
            text += ("/" if divided else "*") + written(shown, _POWER)
    elif kind == "power":
        text = f"{written(children[0], _ATOM)}^{written(children[1], _ATOM)}"
        own = _POWER
    else:
        return _written_atom(node)
    return f"({text})" if own < level else text


def _written_atom(node: Node) -> str:
    parts = [written(child) for child in node.children]
    if node.kind == "call":
        return f"{node.value}({', '.join(parts)})"
    if node.kind == "index":
        return f"{node.value}[{', '.join(parts)}]"
    if node.kind == "relation":
        return f"{parts[0]} {node.value} {parts[1]}"
    if node.kind == "and":
        return parts[0] + parts[1].removeprefix(written(node.children[1].children[0]))
    if node.kind == "cases":
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return f"Piecewise({', '.join(f'({value}, {where})' for value, where in pairs)})"
    return node.value or node.kind
