"""What a slip is: a false statement that people take for a rule, and what to say to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from actgrad.derivations._expression import D, Definitions, Expr
from actgrad.derivations._match import instances_of
from actgrad.derivations._rule import Rule, statement_sides


@dataclass(frozen=True)
class Slip:
    r"""One classical mistake with a rule.

    .. math:: (f(u(x)))' \ne f'(u(x))

    Parameters
    ----------
    name
        What happened, in a few words.
    rule
        The rule that it spoils.
    statement
        The false statement, ``left = right`` in the notation of `parse`. The tests refute it.
    says
        One sentence that names the mistake.
    hint
        What to look at, without the right line.
    example
        A line, and the line that the slip makes of it.
    general
        Whether it is named only where no other slip explains the line.
    """

    name: str
    rule: Rule
    statement: str
    says: str
    hint: str
    example: tuple[str, str]
    general: bool = False

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        """The two sides of the false statement as expressions."""
        return statement_sides(self.statement)

    @property
    def is_of_calculus(self) -> bool:
        """Whether it spoils a derivative."""
        return isinstance(self.sides[0], D)

    def made_of(self, part: Expr, definitions: Definitions = ()) -> Iterator[Expr]:
        """Yield what the slip makes of a part of a line, for each way to commit it."""
        yield from instances_of(*self.sides, part, definitions)
