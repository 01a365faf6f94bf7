"""The activations as SymPy data, derived from their records and proved.

A record holds the formula; here are the derivatives, the kinks with both slopes, symmetry,
range, monotonicity, limits, what the output tells, and the forms for floating-point numbers.
That each form is equal, `prove_stable_forms` shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy

from actgrad.atlas import DEFINITIONS, Definition, Node
from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._cases import (
    NoSlope,
    join_of,
    kinks,
    one_side,
    slopes_at,
)
from actgrad.derivations._expression import D, Expr
from actgrad.derivations._normal import is_zero
from actgrad.derivations._output import OutputForm, Witness, in_terms_of_output
from actgrad.derivations._parse import expression
from actgrad.derivations._proof import Proof, Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._shape import Shape

X = sympy.Symbol("x", real=True)
Y = sympy.Symbol("y", real=True)
_SIGNS = {1: {"positive": True}, -1: {"negative": True}, 0: {"real": True}}


@dataclass(frozen=True)
class Function:
    r"""An activation of one variable as SymPy data, made from its record.

    .. math:: y = f(x)

    Parameters
    ----------
    definition : Definition
        The record.

    Examples
    --------
    >>> from actgrad.derivations import plain
    >>> arctan = ACTIVATIONS["arctan"]
    >>> plain(arctan.derivative)
    '1/(1 + x^2)'
    >>> arctan.monotonicity, arctan.range, arctan.limits
    ('increasing', Interval.open(-pi/2, pi/2), (-pi/2, pi/2))
    >>> ACTIVATIONS["hard_tanh"].roots
    Union(Interval.open(-oo, -1), Interval.open(1, oo))
    """

    definition: Definition
    symbol = X

    @property
    def name(self) -> str:
        """The name in programs."""
        return self.definition.name

    @property
    def title(self) -> str:
        """The name for readers."""
        return self.definition.title

    @cached_property
    def parameters(self) -> tuple[Expr, ...]:
        """The parameters, with what their domains say of their signs."""
        return tuple(
            sympy.Symbol(parameter.letter, **_SIGNS[parameter.direction])
            for parameter in self.definition.parameters
        )

    def at(self, e: Expr, values: Mapping[str, float]) -> Expr:
        """Return an expression with the parameters' values, given by name, as fractions."""
        numbers = self.definition.by_letter(values)
        return e.subs({p: sympy.Rational(repr(numbers[p.name])) for p in self.parameters})

    def at_defaults(self, e: Expr) -> Expr:
        """Return an expression with every parameter at its default."""
        return self.at(e, self.definition.defaults)

    def _expression(self, node: Node, *, stable: bool = False) -> Expr:
        names = {str(symbol): symbol for symbol in (X, Y, *self.parameters)}
        return expression(node, names, stable=stable)

    @cached_property
    def expression(self) -> Expr:
        """The textbook form."""
        return self._expression(self.definition.value)

    @cached_property
    def stable_expression(self) -> Expr:
        """An equal form in which no exponential overflows."""
        return self._expression(self.definition.stable_value, stable=True)

    @cached_property
    def stable_derivative(self) -> Expr:
        """The derivative in such a form."""
        return self._expression(self.definition.stable_gradient, stable=True)

    @cached_property
    def _joins(self) -> tuple[Expr, ...]:
        """Where cases meet, with a derivative or without one."""
        return tuple(place for variable, place in kinks(self.expression) if variable == X)

    @cached_property
    def kinks(self) -> tuple[Expr, ...]:
        """Where there is no derivative; there `derivative` is the record's choice."""
        return tuple(
            place for place in self._joins if join_of(self.expression, X, place) is None
        )

    @cached_property
    def slopes(self) -> dict[Expr, tuple[Expr, Expr]]:
        """For each kink the slopes from the left and from the right; at a jump the pieces'."""
        return {place: self._slopes_at(place) for place in self.kinks}

    def _slopes_at(self, place: Expr) -> tuple[Expr, Expr]:
        try:
            return slopes_at(self.expression, X, place)
        except NoSlope:
            left, right = (self._slope_beside(place, side).subs(X, place) for side in (-1, 1))
            return left, right

    @cached_property
    def chosen(self) -> dict[Expr, Expr]:
        """For each kink of the record the slope that is taken there."""
        pairs = self.definition.kinks
        return {
            carried_out(self._expression(place)): carried_out(self._expression(slope))
            for place, slope in pairs
        }

    @cached_property
    def derivative(self) -> Expr:
        """The derivative as SymPy finds it, case by case, with the chosen slopes."""
        if not self._joins:
            return sympy.diff(carried_out(self.expression), X)
        x, cases = X, []
        for place in self._joins:
            left, right = (self._slope_beside(place, side) for side in (-1, 1))
            chosen = self.chosen.get(place, join_of(self.expression, X, place))
            if is_zero(left.subs(X, place) - chosen):
                cases.append((left, x <= place))
            elif is_zero(right.subs(X, place) - chosen):
                cases.append((left, x < place))
            else:
                cases += [(left, x < place), (chosen, sympy.Eq(x, place))]
        return sympy.Piecewise(*cases, (right, True), evaluate=False)

    def _slope_beside(self, place: Expr, side: int) -> Expr:
        return sympy.diff(carried_out(one_side(self.expression, X, place, side)), X)

    @cached_property
    def symmetry(self) -> Expr | None:
        """What f(x) + f(-x) is if it is constant: 0 for an odd function; else None."""
        constant = carried_out(2 * self.expression.subs(X, 0))
        mirrored = self.expression.subs(X, -X)
        try:
            prove_equal(self.expression + mirrored, constant)
        except Unproved:
            return None
        return constant

    @cached_property
    def output_form(self) -> OutputForm:
        """The derivative in terms of the output, or two inputs that rule it out."""
        defaults = self.definition.by_letter(self.definition.defaults)
        return in_terms_of_output(self.expression, X, defaults)

    @property
    def witness(self) -> Witness | None:
        """Two inputs with one output and different slopes, where there are such."""
        return self.output_form.witness

    @cached_property
    def second_derivative(self) -> Expr:
        """The second derivative, where the first is smooth."""
        return self._expression(self.definition.second)

    @cached_property
    def shape(self) -> Shape:
        """Roots of the derivative, monotonicity, limits and range, at the defaults."""
        return Shape(self.at_defaults(self.expression), X)

    @property
    def roots(self) -> sympy.Set:
        """Where the derivative is 0, at the defaults: points, intervals, or an endless series.

        ``shape.counted`` says whether these are shown to be all.
        """
        return self.shape.roots

    @property
    def limits(self) -> tuple[Expr, Expr]:
        """The limits at -oo and at oo, at the defaults; bounds where there is no limit."""
        return self.shape.limits

    @property
    def range(self) -> sympy.Set:
        """Every value that the function takes, at the defaults."""
        return self.shape.range

    @property
    def monotonicity(self) -> str:
        """``increasing``, ``non-decreasing``, ``constant``, ..., ``not monotone``."""
        return self.shape.monotonicity

    @property
    def monotonic(self) -> bool:
        """Whether the function never turns, at the defaults."""
        return self.shape.monotonic

    def check_kinks(self) -> None:
        """Refuse a record whose kinks are not the formula's, or whose slopes lie outside.

        Raises
        ------
        ValueError
            With record, field and place.
        """
        if set(self.chosen) != set(self.kinks):
            shown, named = (
                ", ".join(map(str, found)) or "none" for found in (self.kinks, self.chosen)
            )
            self.definition.refuse(
                "at_kinks",
                f"the formula's kinks are {shown}, the record's {named}: "
                "write a pair (place, slope) for each",
            )
        for place, chosen in self.chosen.items():
            left, right = self.slopes[place]
            outside = sympy.simplify((chosen - left) * (chosen - right))
            if not outside.is_nonpositive:
                self.definition.refuse(
                    "at_kinks",
                    f"at x = {place} the slope {chosen} is not between {left} and {right}: "
                    "write one that is",
                )


ACTIVATIONS: Mapping[str, Function] = {
    name: Function(definition)
    for name, definition in DEFINITIONS.items()
    if definition.kind == "element-wise"
}


def prove_stable_forms(
    functions: Iterable[Function] | None = None,
) -> Iterator[tuple[str, Proof]]:
    """Prove of each function that its forms and its derivative are right.

    Parameters
    ----------
    functions
        Those to prove; by default those of every record.

    Yields
    ------
    For each claim its name, such as ``"tanh: derivative"``, and its proof. The derivative is
    proved everywhere but at the kinks, where the record's choice is shown to be a subgradient.

    Raises
    ------
    Unproved
        With the record, the field and a counterexample.
    ValueError
        If a record's kinks are not the formula's.
    """
    for function in ACTIVATIONS.values() if functions is None else functions:
        function.check_kinks()
        for field, claim, before, after, everywhere in _claims(function):
            try:
                proof = prove_equal(before, after, at_kinks=everywhere)
            except Unproved as error:
                raise Unproved(
                    f"record {function.name!r}, field {field!r}: not the {claim}: {error}"
                ) from None
            yield f"{function.name}: {claim}", proof


def _claims(f: Function) -> Iterator[tuple[str, str, Expr, Expr, bool]]:
    """Yield field, name and both sides of each claim, and whether it holds at kinks too."""
    textbook = f.expression, f.derivative
    yield "stable_formula", "stable form", textbook[0], f.stable_expression, True
    yield "formula", "derivative", D(textbook[0], X), textbook[1], not f.kinks
    yield "stable_derivative", "stable derivative", textbook[1], f.stable_derivative, True
    yield "formula", "second derivative", D(textbook[1], X), f.second_derivative, False
    node = f.definition.output_gradient
    if node is None:
        return
    stated = f._expression(node)
    claim = "from_output", "derivative from the output"
    if len(f.output_form.cases) < 2:
        yield *claim, stated.subs(Y, textbook[0]), textbook[1], not f.kinks
        return
    for condition, gradient in f.output_form.cases:
        # The two forms where the condition on y holds, and 0 elsewhere.
        condition = condition.subs(f.output_form.output, Y)
        gradient = gradient.subs(f.output_form.output, Y)
        sides = (
            sympy.Piecewise((side, condition), (0, True), evaluate=False)
            for side in (gradient, stated)
        )
        yield *claim, *sides, True
