"""NumPy source of a record's formulas, as one would write it by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from actgrad.atlas._definition import Definition
from actgrad.atlas._derivative import _put
from actgrad.atlas._evaluate import definition, precise
from actgrad.atlas._language import Node
from actgrad.atlas._table import FUNCTIONS

# How tightly each kind binds: an operand that binds less stands in brackets.
_BINDING = {"cases": 9, "call": 9, "name": 9, "number": 9, "constant": 9, "power": 8}
_BINDING |= {"negative": 6, "product": 5, "reciprocal": 5, "sum": 4, "relation": 3, "and": 2}
_MULTIPLIED = 4


def methods(record: Definition) -> dict[str, str]:
    """Return the source of each method that follows from a record, by its name.

    Parameters
    ----------
    record : Definition
        An element-wise one.

    Examples
    --------
    >>> line = Definition("line", "Line", "Line", "2*x", "A line. It is straight.")
    >>> print(methods(line)["_value"])
    def _value(self, x):
        return 2*x
    """
    formulas = {
        "_value": (record.stable_value, "x"),
        "_gradient": (record.stable_gradient, "x"),
        "_gradient_from_output": (record.output_gradient, "y"),
        **{
            f"_by_{p.name}": (record.partial(p.letter), "x")
            for p in record.parameters
            if p.learned
        },
    }
    return {
        name: _method(record, name, tree, letter)
        for name, (tree, letter) in formulas.items()
        if tree is not None
    }


def _method(record: Definition, name: str, tree: Node, letter: str) -> str:
    return _Writer(record, letter).method(name, precise(_expanded(tree)))


def _expanded(node: Node) -> Node:
    """Return the tree with the definitions of what NumPy lacks."""
    children = tuple(map(_expanded, node.children))
    if node.kind == "call" and not FUNCTIONS[node.value].numpy:
        return _expanded(_put(definition(node.value, stable=True), *children))
    return Node(node.kind, node.value, children)


class _Writer:
    """Writes one method: what is used twice gets a name, the rest is one expression."""

    def __init__(self, record: Definition, letter: str, *, alone: bool = False) -> None:
        # Code that stands alone has NumPy and nothing of ours.
        self._alone = alone
        self._parameters = {p.letter: p.name for p in record.parameters}
        self._letter = letter
        self._lines: list[str] = []
        self._names: dict[Node, str] = {}
        self._number = False

    def method(self, name: str, tree: Node) -> str:
        used = [letter for letter in self._parameters if letter in tree.names()]
        wide = self._beside_the_variable(tree)
        start = [
            f"{letter} = np.float64({own})" if letter in wide else f"{letter} = {own}"
            for letter in used
            for own in [f"self.{self._parameters[letter]}"]
        ]
        for part in self._repeated(tree):
            text = self._text(part)
            self._names[part] = f"t{len(self._names) + 1}"
            self._lines.append(f"{self._names[part]} = {text}")
        result = self._result(tree)
        if self._number:
            start.append(f"number = {self._letter}.dtype.type")
        lines = (*start, *self._lines, f"return {result}")
        return f"def {name}(self, {self._letter}):\n" + "\n".join(f"    {n}" for n in lines)

    def _beside_the_variable(self, node: Node) -> set[str]:
        """Return the parameters that are compared with x or added to it as they stand.

        Where the two are nearly equal, what float32 rounds off such a parameter is all of
        the result, or changes the case: next to float64 the work goes on in float64.
        """
        found: set[str] = set().union(*map(self._beside_the_variable, node.children))
        if node.kind in ("sum", "relation"):
            x = Node("name", self._letter)
            bare = [_unsigned(child) for child in node.children]
            if {x, _absolute(self._letter)} & {*bare}:
                found |= {child.value for child in bare} & {*self._parameters}
        return found

    def _result(self, tree: Node) -> str:
        x = self._letter
        if x not in tree.names():
            return f"np.where(np.isnan({x}), {x}, {self._text(tree)})"
        text = self._text(tree)
        if tree.kind == "name":
            return f"np.positive({text})"
        if any(x not in value.names() for value in _values(tree)):
            # No condition holds for NaN.
            return f"np.where(np.isnan({x}), {x}, {text})"
        return text

    def _repeated(self, tree: Node) -> Iterator[Node]:
        """Yield what costs time and stands there more than once, innermost first."""
        counts: Counter[Node] = Counter()

        def count(node: Node) -> None:
            counts[node] += 1
            if counts[node] == 1 or node.kind == "reciprocal":
                for child in node.children:
                    count(child)

        count(tree)
        costly = [node for node, n in counts.items() if n > 1 and self._is_costly(node)]
        yield from sorted(costly, key=_size)

    def _is_costly(self, node: Node) -> bool:
        # A product with a reciprocal rounds twice, a quotient once.
        if node.kind in ("relation", "and", "name", "reciprocal"):
            return False
        if self._letter not in node.names():
            return False
        return node.kind != "negative" or node.children[0].kind != "name"

    def _text(self, node: Node) -> str:
        """Return an expression."""
        if node in self._names:
            return self._names[node]
        kind = node.kind
        if kind == "number":
            return self._constant(node.value)
        if kind == "constant":
            return self._made(f"np.{node.value}")
        if kind == "name":
            return node.value
        if self._letter not in node.names() and kind not in ("number", "relation", "and"):
            return self._fixed(node)
        return self._operation(node)

    def _operation(self, node: Node) -> str:
        kind, children = node.kind, node.children
        if kind == "cases":
            return self._cases(node)
        if kind == "power":
            return self._power(*children)
        if kind == "call":
            return self._call(FUNCTIONS[node.value].numpy, children)
        if kind == "sum":
            return self._sum(children)
        if kind == "product":
            return self._product(children)
        if kind == "negative":
            return f"-{self._operand(children[0], 6)}"
        if kind == "reciprocal":
            return f"1 / {self._operand(children[0], 6)}"
        if kind == "relation":
            return f" {node.value} ".join(self._operand(child, 4) for child in children)
        if kind == "and":
            return " & ".join(f"({self._text(child)})" for child in children)
        raise ValueError(f"{node} has no value")

    def _fixed(self, node: Node) -> str:
        """Return a number that is the same for every input, in the precision of the input."""
        text = self._operation(node)
        return self._made(text) if "np." in text else text

    def _constant(self, digits: str) -> str:
        exact = float(digits).is_integer() or float(digits).as_integer_ratio()[1] <= 64
        return digits if exact else self._made(repr(digits).replace("'", '"'))

    def _made(self, text: str) -> str:
        self._number = True
        return text if text.startswith("number(") else f"number({text})"

    def _operand(self, node: Node, binding: int) -> str:
        text = self._text(node)
        loose = node not in self._names and _BINDING[node.kind] < binding
        fixed = text.startswith("number(") and self._letter not in node.names()
        return f"({text})" if loose and not fixed else text

    def _sum(self, terms: tuple[Node, ...]) -> str:
        text = self._operand(terms[0], 4)
        for term in terms[1:]:
            if term.kind == "negative" and term not in self._names:
                text += f" - {self._operand(term.children[0], 5)}"
            else:
                text += f" + {self._operand(term, 5)}"
        return text

    def _product(self, factors: tuple[Node, ...]) -> str:
        text = self._operand(factors[0], 5)
        for factor in factors[1:]:
            if factor.kind == "reciprocal" and factor not in self._names:
                text += f" / {self._operand(factor.children[0], 6)}"
            else:
                text += f" * {self._operand(factor, 6)}"
        return text

    def _power(self, base: Node, exponent: Node) -> str:
        if base == Node("constant", "e"):
            if not self._alone and self._is_rounded(exponent):
                factor, variable = self._split(exponent)
                return f"exp_of_product({factor}, {self._text(variable)})"
            return f"np.exp({self._text(exponent)})"
        n = exponent.value if exponent.kind == "number" else ""
        if (
            n.isdigit()
            and 2 <= int(n) <= _MULTIPLIED
            and (base.kind == "name" or base in self._names)
        ):
            # NumPy's powers cost as much as an exponential.
            return "(" + " * ".join([self._text(base)] * int(n)) + ")"
        if n == "2":
            return f"np.square({self._text(base)})"
        return f"{self._operand(base, 9)} ** {self._operand(exponent, 9)}"

    def _is_rounded(self, exponent: Node) -> bool:
        """Whether an exponent is a product of x, or of its absolute value, that is rounded."""
        inner = _unsigned(exponent)
        if inner.kind != "product" or len(self._variables(inner)) != 1:
            return False
        (variable,) = self._variables(inner)
        plain = variable in (Node("name", self._letter), _absolute(self._letter))
        others = [factor for factor in inner.children if factor != variable]
        return plain and not all(map(_is_power_of_two, others))

    def _variables(self, product: Node) -> list[Node]:
        return [factor for factor in product.children if self._letter in factor.names()]

    def _split(self, exponent: Node) -> tuple[str, Node]:
        """Return the factor of such an exponent, as exact as a fraction, and the variable."""
        inner = _unsigned(exponent)
        (variable,) = self._variables(inner)
        text = "-" if inner is not exponent else ""
        over = [f.children[0] for f in inner.children if f.kind == "reciprocal"]
        factors = [f for f in inner.children if f != variable and f.kind != "reciprocal"]
        text += " * ".join(map(self._exact, factors)) or "1"
        return "".join([text, *(f" / {self._exact(f)}" for f in over)]), variable

    def _exact(self, factor: Node) -> str:
        return f"Fraction({factor.value})"

    def _call(self, function: str, arguments: tuple[Node, ...]) -> str:
        first, *rest = map(self._text, arguments)
        if not rest:
            return f"np.{function}({first})"
        for other in rest:
            first = f"np.{function}({first}, {other})"
        return first

    def _cases(self, node: Node) -> str:
        *pairs, (last, condition) = _needed(node)
        text = self._text(last)
        if condition.kind != "otherwise":
            text = f"np.where({self._text(condition)}, {text}, np.nan)"
        for value, where in reversed(pairs):
            text = f"np.where({self._text(where)}, {self._text(value)}, {text})"
        return text


def _unsigned(node: Node) -> Node:
    """Return a tree without the sign that stands before it or before its first factor."""
    if node.kind == "negative":
        return node.children[0]
    first = node.children[0] if node.kind == "product" else node
    if first.kind == "negative":
        return Node("product", "", (first.children[0], *node.children[1:]))
    return node


def _absolute(letter: str) -> Node:
    return Node("call", "abs", (Node("name", letter),))


def _is_power_of_two(factor: Node) -> bool:
    digits = factor.children[0] if factor.kind == "reciprocal" else factor
    return digits.kind == "number" and digits.value in ("2", "4", "8")


def _needed(node: Node) -> list[tuple[Node, Node]]:
    """Return the cases without those at one place that the next ones cover."""
    pairs = list(zip(node.children[::2], node.children[1::2], strict=True))
    for pair in pairs.copy():
        value, place = pair
        later = pairs[pairs.index(pair) + 1 :]
        if place.value == "==" and _chosen_at(place.children, later) == value:
            pairs.remove(pair)
    return pairs


def _chosen_at(equal: tuple[Node, ...], pairs: list[tuple[Node, Node]]) -> Node | None:
    """Return the case that holds where two trees are equal, None if that is not plain."""
    for value, condition in pairs:
        if condition.kind == "otherwise":
            return value
        if condition.kind != "relation" or set(condition.children) != set(equal):
            return None
        if condition.value in ("<=", ">=", "=="):
            return value
    return None


def _values(tree: Node) -> Iterator[Node]:
    """Yield what the cases of a tree, wherever they stand, may be."""
    if tree.kind == "cases":
        yield from tree.children[::2]
    for child in tree.children:
        yield from _values(child)


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.children))
