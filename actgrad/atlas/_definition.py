"""What a record of the atlas holds: everything about an activation that cannot be derived."""

from __future__ import annotations

import ast
import keyword
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actgrad.atlas._derivative import derivative
from actgrad.atlas._language import Node, ParseError, read
from actgrad.atlas._table import GREEK

_GREEK = {word: sign for sign, word in reversed(GREEK.items())} | {"lam": "λ"}
# What the letters of a formula are called, by kind.
KINDS = {"element-wise": ("x",), "rows": ("x",), "gated pair": ("a", "b")}
FRAMEWORKS = {
    "torch": "PyTorch",
    "jax": "JAX",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "": "ONNX",
    "scipy": "SciPy",
}
"""Frameworks by the package that is imported; an operator of ONNX stands in none."""


@dataclass(frozen=True)
class Parameter:
    r"""A parameter of an activation.

    .. math:: a \le p \le b

    Parameters
    ----------
    name : str
        Its name in programs, such as ``"negative_slope"``: PyTorch's, where PyTorch has it.
    default : float
        What it is where nothing is said.
    domain : tuple of two float
        The smallest and the largest value; one of them may be infinite. Where neither has
        another sign, SymPy knows the parameter's sign.
    slider : tuple of three float
        The smallest and the largest value of an explorer's slider, and its step.
    letter : str
        What stands for it in formulas, such as ``"alpha"``; by default the name.
    learned : bool
        Whether it is trained with the weights, so that it needs a gradient of its own.

    Examples
    --------
    >>> Parameter("negative_slope", 0.01, slider=(0.01, 2.0, 0.01), letter="alpha").sign
    'α'
    """

    name: str
    default: float
    domain: tuple[float, float] = (1e-30, 1e30)
    slider: tuple[float, float, float] = (0.1, 10.0, 0.05)
    letter: str = ""
    learned: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "letter", self.letter or self.name)

    @property
    def sign(self) -> str:
        """What readers see: a Greek letter for its word, else the letter."""
        return _GREEK.get(self.letter, self.letter)

    @property
    def direction(self) -> int:
        """1 if every value is positive, -1 if every value is negative, else 0."""
        low, high = self.domain
        return 1 if low > 0 else -1 if high < 0 else 0


@dataclass(frozen=True)
class Elsewhere:
    r"""What another library calls an activation, and what it takes where nothing is said.

    Parameters
    ----------
    name : str
        What its users call, with its package, such as ``"jax.nn.gelu"``; an operator's name
        in ONNX, such as ``"Gelu"``.
    defaults : str
        Its defaults that are not the record's, as in a call: ``"approximate=True"``.
    arguments : str
        What makes it the record's function, as in a call: ``"approximate=False"``.

    Examples
    --------
    >>> gelu = Elsewhere("jax.nn.gelu", "approximate=True", "approximate=False")
    >>> gelu.framework, gelu.differing, gelu.needed
    ('JAX', {'approximate': True}, {'approximate': False})
    """

    name: str
    defaults: str = ""
    arguments: str = ""

    @property
    def framework(self) -> str:
        """Whose name it is; empty if nobody's that the atlas knows."""
        package, dot, _ = self.name.partition(".")
        return FRAMEWORKS.get(package if dot else "", "")

    @property
    def differing(self) -> dict[str, Any]:
        """Its defaults that are not the record's, by their name there."""
        return _values(self.defaults)

    @property
    def needed(self) -> dict[str, Any]:
        """The arguments that make it the record's function, by their name there."""
        return _values(self.arguments)


def _values(text: str) -> dict[str, Any]:
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): ast.literal_eval(value.strip()) for name, _, value in pairs}


def named(*names: str) -> tuple[Elsewhere, ...]:
    """Return the names of a function that takes, wherever it stands, the record's defaults.

    Examples
    --------
    >>> [found.framework for found in named("torch.sigmoid", "Sigmoid")]
    ['PyTorch', 'ONNX']
    """
    return tuple(map(Elsewhere, names))


@dataclass(frozen=True)
class RowSum:
    r"""A number that all entries of a row share, defined by a sum over them.

    .. math:: \sum_j s(x_j) = t

    Parameters
    ----------
    letter : str
        What stands for it in the formulas of the record.
    summand : str
        s, a formula in the entry ``x``, and in the letter where it has no closed form.
    total : str
        t, by default the letter: then it is the sum. Else it is the number for which the sum
        is t, as in sparsemax.

    Examples
    --------
    >>> RowSum("S", "e^x").total
    'S'
    >>> RowSum("tau", "max(0, x - tau)", "1").total
    '1'
    """

    letter: str
    summand: str
    total: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.total or self.letter)


@dataclass(frozen=True)
class Definition:
    r"""An activation: what it is, and the choices that nobody can derive.

    .. math:: y = f(x), \qquad y_i = f(x_i, S(x)), \qquad y = f(a, b)

    Parameters
    ----------
    name : str
        The stem of everything about it, such as ``"leaky_relu"``.
    class_name : str
        The name of its NumPy class: PyTorch's, where PyTorch has the function.
    title : str
        The name for readers.
    formula : str
        f, in the language of `read`, whose functions it may use. Its letters are ``x``, an
        entry; in a gated pair ``a`` and ``b``, entries of the two halves; and the letters of
        the parameters and of the row's sums.
    idea : str
        Why it exists, in two sentences.
    parameters : tuple of Parameter
        In the order of the class's arguments.
    kind : str
        ``"element-wise"``; ``"rows"``, where an output depends on a whole row; or
        ``"gated pair"``, where two halves make one output of half the size.
    row_sums : tuple of RowSum
        Of rows: what their entries share.
    at_kinks : tuple of tuples of str
        For each kink, in ascending order, its place and the slope that is taken there; in a
        gated pair also the letter whose kink it is.
    stable_formula, stable_derivative : str
        Equal forms for floating-point numbers, where code made from the formula loses digits.
    from_output : str
        The derivative as a formula in y = f(x), or nothing.
    ulp : tuple of two float, optional
        The largest error of value and gradient in float64 that the NumPy class promises, in
        units in the last place; of rows, in units of eps of the norms of value and J^T g.
        Without a promise there is no class.
    paper : str
        A key of the book's bibliography, or nothing.
    view : tuple of two float
        From where to where a picture shows it.
    elsewhere : tuple of Elsewhere
        What other libraries call it; a library may have more than one name for it.
    traps : tuple of str
        What goes wrong with it in practice, a sentence each.
    choice : tuple of two str, optional
        Of records that share a class, the class's argument that selects this one, and its
        value, such as ``("approximate", "tanh")``. The first record's is the default.

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
    kind: str = "element-wise"
    row_sums: tuple[RowSum, ...] = ()
    at_kinks: tuple[tuple[str, ...], ...] = ()
    stable_formula: str = ""
    stable_derivative: str = ""
    from_output: str = ""
    ulp: tuple[float, float] | None = None
    paper: str = ""
    view: tuple[float, float] = (-8.0, 8.0)
    elsewhere: tuple[Elsewhere, ...] = ()
    traps: tuple[str, ...] = ()
    choice: tuple[str, str] | None = None

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
        if self.kind not in KINDS:
            self.refuse("kind", f"write one of {', '.join(map(repr, KINDS))}")
        if (self.kind == "rows") != bool(self.row_sums):
            self.refuse("row_sums", "rows have sums over their entries, other kinds have none")
        names = [parameter.name for parameter in self.parameters]
        letters = [*self.letters, *(parameter.letter for parameter in self.parameters)]
        if len({"y", *letters}) < 1 + len(letters) or len({*names}) < len(names):
            reserved = ", ".join((*self.letters, "y"))
            self.refuse(
                "parameters", f"write names and letters that differ, also from {reserved}"
            )
        for parameter in self.parameters:
            self._check(parameter)
        for field in ("formula", "stable_formula", "stable_derivative"):
            self._read(field, getattr(self, field), *self.letters)
        used = self.value.names().union(*(s.names() | t.names() for _, s, t in self.sums))
        if unused := {parameter.letter for parameter in self.parameters} - used:
            self.refuse("parameters", f"the formula lacks {', '.join(sorted(unused))}: drop it")
        self._read("from_output", self.from_output, "y")
        for kink in self.at_kinks:
            self._check_kink(*kink)
        if self.ulp is not None and not all(0 <= bound < math.inf for bound in self.ulp):
            self.refuse("ulp", "write the bounds of value and gradient, such as (4, 5)")
        if not re.fullmatch("([a-z][a-z0-9]*)?", self.paper):
            self.refuse("paper", "write a key of the bibliography, such as 'nair2010'")
        if not -math.inf < self.view[0] < self.view[1] < math.inf:
            self.refuse("view", "write (from, to), two finite numbers that go up")
        self._check_elsewhere()
        for trap in self.traps:
            if not re.fullmatch(r"[A-Z`].*[.]", trap, re.DOTALL):
                self.refuse("traps", f"write sentences, got {trap!r}")
        if self.choice is not None and (self.parameters or not self.choice[0].isidentifier()):
            self.refuse("choice", "write (argument, value), for a record without parameters")

    def _check_kink(self, place: str, slope: str, *letter: str) -> None:
        if len(letter) != (self.kind == "gated pair"):
            self.refuse("at_kinks", "write (place, slope), in a gated pair with the letter")
        (own,) = letter or "x"
        if own not in self.letters:
            self.refuse("at_kinks", f"{own!r} is none of {', '.join(self.letters)}: write one")
        self._read("at_kinks", place, *(total.letter for total in self.row_sums))
        self._read("at_kinks", slope, *(other for other in self.letters if other != own))

    def _check_elsewhere(self) -> None:
        for found in self.elsewhere:
            if not found.framework or not all(map(str.isidentifier, found.name.split("."))):
                packages = ", ".join(filter(None, FRAMEWORKS))
                advice = f"write a name of one of {packages}, or an operator of ONNX"
                self.refuse("elsewhere", f"{found.name!r} is nobody's: {advice}")
            for text in (found.defaults, found.arguments):
                try:
                    names = _values(text)
                except (ValueError, SyntaxError):
                    names = {"": None}
                if not all(map(str.isidentifier, names)):
                    advice = "write name=value, name=value"
                    self.refuse("elsewhere", f"{text!r} are no arguments: {advice}")
        if len({found.name for found in self.elsewhere}) < len(self.elsewhere):
            self.refuse("elsewhere", "one name stands there twice: write it once")

    def _check(self, parameter: Parameter) -> None:
        def refuse(field: str, found: object, advice: str) -> None:
            where = f"the {field} of {parameter.name!r} is {found}"
            self.refuse("parameters", f"{where}: write {advice}")

        name, default, (low, high) = parameter.name, parameter.default, parameter.domain
        if not name.isidentifier() or keyword.iskeyword(name):
            refuse("name", "no name in Python", "one such as 'alpha' or 'lam'")
        if not parameter.letter.isidentifier() or keyword.iskeyword(parameter.letter):
            refuse("letter", repr(parameter.letter), "one such as 'alpha' or 'lam'")
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
            own = [parameter.letter for parameter in self.parameters]
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

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the formula that are no parameters."""
        return *KINDS[self.kind], *(total.letter for total in self.row_sums)

    @cached_property
    def sums(self) -> tuple[tuple[str, Node, Node], ...]:
        """For each sum over a row its letter, the summand and the total, as trees."""
        return tuple(
            (
                total.letter,
                self._tree("row_sums", total.summand),
                self._tree("row_sums", total.total),
            )
            for total in self.row_sums
        )

    @cached_property
    def smooth(self) -> Node:
        """f'(x) between the kinks, as a tree."""
        return derivative(self.value, "x")

    @cached_property
    def second(self) -> Node:
        """f''(x) where f' is smooth, as a tree."""
        return derivative(self.smooth, "x")

    @cached_property
    def gradient(self) -> Node:
        """f'(x), as a tree, with the chosen slopes at the kinks."""
        return self.partial("x")

    def partial(self, letter: str) -> Node:
        """Return the derivative by one letter, with the chosen slopes at that letter's kinks.

        The other letters are held fixed: in rows the sums, in a gated pair the other half.
        """
        smooth = derivative(self.value, letter)
        parts: list[Node] = []
        for place, slope in self._kinks_of(letter):
            parts += [slope, Node("relation", "==", (Node("name", letter), place))]
        if not parts:
            return smooth
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
        return self._kinks_of("x")

    def _kinks_of(self, letter: str) -> tuple[tuple[Node, Node], ...]:
        return tuple(
            (self._tree("at_kinks", place), self._tree("at_kinks", slope))
            for place, slope, *own in self.at_kinks
            if letter in (own or "x")
        )

    @cached_property
    def defaults(self) -> dict[str, float]:
        """Every parameter's default, by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def by_letter(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the parameters by letter, as formulas need them, from those by name.

        Raises
        ------
        KeyError
            Where one is lacking.
        """
        return {parameter.letter: values[parameter.name] for parameter in self.parameters}

    def _tree(self, field: str, text: str = "") -> Node:
        tree = self._read(field, text or getattr(self, field), *self.letters)
        assert tree is not None
        return tree
