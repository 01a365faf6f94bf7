"""What a record of the atlas holds: everything about an activation that cannot be derived."""

from __future__ import annotations

import keyword
import math
import re
from dataclasses import dataclass
from functools import cached_property

from actgrad.atlas._derivative import derivative
from actgrad.atlas._language import Node, ParseError, read
from actgrad.atlas._table import GREEK

_LETTERS = {word: letter for letter, word in reversed(GREEK.items())} | {"lam": "λ"}


@dataclass(frozen=True)
class Parameter:
    r"""A parameter of an activation.

    .. math:: a \le p \le b

    Parameters
    ----------
    name : str
        Its name in formulas, in programs and on sliders, such as ``"alpha"``.
    default : float
        What it is where nothing is said.
    domain : tuple of two float
        The smallest and the largest value; one of them may be infinite. Where neither has
        another sign, SymPy knows the parameter's sign.
    slider : tuple of three float
        The smallest and the largest value of an explorer's slider, and its step.

    Examples
    --------
    >>> Parameter("alpha", 1.0).letter
    'α'
    """

    name: str
    default: float
    domain: tuple[float, float] = (1e-30, 1e30)
    slider: tuple[float, float, float] = (0.1, 10.0, 0.05)

    @property
    def letter(self) -> str:
        """The sign that readers see: a Greek letter for its name, else the name."""
        return _LETTERS.get(self.name, self.name)

    @property
    def sign(self) -> int:
        """1 if every value is positive, -1 if every value is negative, else 0."""
        low, high = self.domain
        return 1 if low > 0 else -1 if high < 0 else 0


@dataclass(frozen=True)
class Definition:
    r"""An element-wise activation: what it is, and the choices that nobody can derive.

    .. math:: y = f(x)

    Parameters
    ----------
    name : str
        The stem of everything about it, such as ``"leaky_relu"``.
    class_name : str
        The name of its NumPy class: PyTorch's, where PyTorch has the function.
    title : str
        The name for readers.
    formula : str
        f(x), in the language of `read`. It may use the language's functions.
    idea : str
        Why it exists, in two sentences.
    parameters : tuple of Parameter
        In the order of the class's arguments.
    at_kinks : tuple of pairs of str
        For each kink, in ascending order, its place and the slope that is taken there.
    stable_formula, stable_derivative : str
        Equal forms for floating-point numbers, where code made from the formula loses digits.
    from_output : str
        The derivative as a formula in y = f(x), or nothing.
    ulp : tuple of two float, optional
        The largest error of value and gradient in float64 that the NumPy class promises, in
        units in the last place. Without a promise there is no class.
    paper : str
        A key of the book's bibliography, or nothing.

    Raises
    ------
    ValueError
        If a field cannot be read; the message names record and field and says what to write.

    Notes
    -----
    That the stable forms equal the formula and its derivative, that the kinks are those of the
    formula, and that the slopes lie between the two sides', `actgrad.derivations.functions`
    proves; that the promise is kept, the tests show.

    Examples
    --------
    >>> from actgrad.atlas import written
    >>> bump = Definition("gauss", "Gauss", "Gaussian", "e^(-x^2)", "A bump. It has no kink.")
    >>> written(bump.gradient)
    'e^(-x^2)*(-2*x)'
    """

    name: str
    class_name: str
    title: str
    formula: str
    idea: str
    parameters: tuple[Parameter, ...] = ()
    at_kinks: tuple[tuple[str, str], ...] = ()
    stable_formula: str = ""
    stable_derivative: str = ""
    from_output: str = ""
    ulp: tuple[float, float] | None = None
    paper: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z][a-z0-9_]*", self.name):
            self.refuse("name", "write small letters, digits and _, such as 'leaky_relu'")
        if not self.class_name.isidentifier() or keyword.iskeyword(self.class_name):
            self.refuse("class_name", "write a name of a Python class, such as 'LeakyReLU'")
        for field in ("title", "formula"):
            if not getattr(self, field).strip():
                self.refuse(field, "it is empty: write it")
        if len(re.findall(r"[.?](?:\s|$)", self.idea)) != 2:
            self.refuse("idea", "write two sentences")
        names = [parameter.name for parameter in self.parameters]
        if len({"x", "y", *names}) < 2 + len(names):
            self.refuse("parameters", "write names that differ, and neither x nor y")
        for parameter in self.parameters:
            self._check(parameter)
        for field in ("formula", "stable_formula", "stable_derivative"):
            self._read(field, getattr(self, field), "x")
        if unused := set(names) - self.value.names():
            self.refuse("parameters", f"the formula lacks {', '.join(sorted(unused))}: drop it")
        self._read("from_output", self.from_output, "y")
        for place, slope in self.at_kinks:
            self._read("at_kinks", place)
            self._read("at_kinks", slope)
        if self.ulp is not None and not all(0 <= bound < math.inf for bound in self.ulp):
            self.refuse("ulp", "write the bounds of value and gradient, such as (4, 5)")

    def _check(self, parameter: Parameter) -> None:
        def refuse(field: str, found: object, advice: str) -> None:
            where = f"the {field} of {parameter.name!r} is {found}"
            self.refuse("parameters", f"{where}: write {advice}")

        name, default, (low, high) = parameter.name, parameter.default, parameter.domain
        if not name.isidentifier() or keyword.iskeyword(name):
            refuse("name", "no name in Python", "one such as 'alpha' or 'lam'")
        if not low < high:
            refuse("domain", (low, high), "(smallest, largest)")
        if not low <= default <= high:
            refuse("default", f"{default:g}", f"a number of its domain, {low:g} to {high:g}")
        first, last, step = parameter.slider
        if not low <= first <= default <= last <= high or not 0 < step <= last - first:
            advice = f"(from, to, step) around {default:g} in the domain, {low:g} to {high:g}"
            refuse("slider", parameter.slider, advice)

    def refuse(self, field: str, advice: str) -> None:
        """Raise what a wrong field raises."""
        raise ValueError(f"record {self.name!r}, field {field!r}: {advice}")

    def _read(self, field: str, text: str, *letters: str) -> Node | None:
        try:
            own = [parameter.name for parameter in self.parameters]
            return read(text, [*letters, *own]) if text else None
        except ParseError as error:
            raise ValueError(f"record {self.name!r}, field {field!r}: {error}") from None

    @cached_property
    def value(self) -> Node:
        """f(x), as a tree."""
        return self._tree("formula")

    @cached_property
    def stable_value(self) -> Node:
        """f(x) for floating-point numbers, as a tree."""
        return self._tree("stable_formula") if self.stable_formula else self.value

    @cached_property
    def smooth(self) -> Node:
        """f'(x) between the kinks, as a tree."""
        return derivative(self.value, "x")

    @cached_property
    def gradient(self) -> Node:
        """f'(x), as a tree, with the chosen slopes at the kinks."""
        smooth = self.smooth
        if not self.at_kinks:
            return smooth
        parts: list[Node] = []
        for place, slope in self.kinks:
            parts += [slope, Node("relation", "==", (Node("name", "x"), place))]
        rest = smooth.children if smooth.kind == "cases" else (smooth, Node("otherwise"))
        return Node("cases", "", (*parts, *rest))

    @cached_property
    def stable_gradient(self) -> Node:
        """f'(x) for floating-point numbers, as a tree."""
        return self._tree("stable_derivative") if self.stable_derivative else self.gradient

    @cached_property
    def output_gradient(self) -> Node | None:
        """The derivative as a tree in y = f(x), or None."""
        return self._read("from_output", self.from_output, "y")

    @cached_property
    def kinks(self) -> tuple[tuple[Node, Node], ...]:
        """For each kink its place and the chosen slope, as trees."""
        pairs = [[self._read("at_kinks", text) for text in pair] for pair in self.at_kinks]
        return tuple((place, slope) for place, slope in pairs if place and slope)

    @cached_property
    def defaults(self) -> dict[str, float]:
        """Every parameter's default, by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def _tree(self, field: str) -> Node:
        tree = self._read(field, getattr(self, field), "x")
        assert tree is not None
        return tree
