"""What a rule is: a name, a statement, a sentence, a source, and the test of its own steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import sympy

from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._expression import Definitions, Expr
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import latex, plain

if TYPE_CHECKING:
    from actgrad.derivations._derivation import Derivation


class RuleDoesNotApply(ValueError):
    """A rule was used where it does not apply."""


@dataclass(frozen=True)
class Change:
    """What a rule is asked about: a line, the next one, and what may be used.

    Parameters
    ----------
    before, after
        The two lines.
    definitions
        Pairs (name, meaning).
    parts
        Derivations of parts of the line before, carried out on the side.
    known
        A derivation whose result is used.
    """

    before: Expr
    after: Expr
    definitions: Definitions = ()
    parts: tuple[Derivation, ...] = ()
    known: Derivation | None = None

    def reversed(self) -> Change:
        """Return the same change read from the end."""
        return Change(self.after, self.before, self.definitions, self.parts, self.known)


Check = Callable[[Change], bool]


@dataclass(frozen=True)
class Rule:
    """One rule of calculus or algebra.

    Parameters
    ----------
    name
        What a textbook calls it.
    statement
        The rule as a formula, in the notation of `parse`: ``left = right``. The tests prove it.
    sentence
        What it says, in one sentence.
    source
        Where it is proved.
    check
        Tells whether a change is this rule, applied at one place or at several, and nothing
        else; that the two lines are *equal* is the prover's business.
    """

    name: str
    statement: str
    sentence: str
    source: str
    check: Check = field(repr=False, compare=False)

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        """The two sides of the statement as expressions."""
        return statement_sides(self.statement)

    @property
    def formula(self) -> str:
        """The statement in LaTeX."""
        left, right = map(latex, self.sides)
        return f"{left} = {right}"

    def describes(self, change: Change) -> bool:
        """Tell whether this rule, and nothing else, leads from one line to the next."""
        return change.before != change.after and self.check(change)

    def require(self, before: Expr, after: Expr, definitions: Definitions = ()) -> None:
        """Raise `RuleDoesNotApply` unless this rule leads from one line to the next."""
        self.require_change(Change(before, after, definitions))

    def require_change(self, change: Change) -> None:
        """Raise `RuleDoesNotApply` unless this rule describes the change."""
        if not self.describes(change):
            raise RuleDoesNotApply(
                f"the rule {self.name!r} does not lead from {plain(change.before)} to "
                f"{plain(change.after)}"
            )


# The letters that statements use; the prover takes u, v, f for any smooth functions.
_i, _j, _k, _n = sympy.symbols("i j k n", integer=True, positive=True)
NOTATION: dict[str, Expr] = {
    **{name: unknown_function(name) for name in ("f", "f'", "u", "v", "u'", "v'")},
    **{"i": _i, "j": _j, "k": _k, "n": _n},
    "a": sympy.Symbol("a", positive=True),
    "b": sympy.Symbol("b", positive=True),
    "z": sympy.IndexedBase("z", real=True),
}


def statement_sides(statement: str) -> tuple[Expr, Expr]:
    """Return the two sides of a statement as expressions."""
    left, right = statement.split(" = ")
    return parse(left, NOTATION), parse(right, NOTATION)
