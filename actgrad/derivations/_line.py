"""One line of a proof, judged: equal to the line above or not, and what happened.

Nothing is accepted that the prover does not prove, or test in numbers to a bound that the
numbers of the lines themselves ask for; what is neither proved nor refuted is said to be so.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
import sympy

from actgrad.derivations import _numeric
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._cases import check_kinks, points_in_cases, switches_of
from actgrad.derivations._counterexample import environments
from actgrad.derivations._derive import NAMED, definitions_of
from actgrad.derivations._explain import factor_between, slips_between
from actgrad.derivations._expression import D, Definitions, Expr, rebuild, undefine, walk
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._line_names import Named, named
from actgrad.derivations._parse import ParseError, parse
from actgrad.derivations._points import Comparison, Difference, compare, compare_at, shown
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Kind, NoPoint, Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._slip import Slip

SECONDS = 2.0
# Numeric derivatives of derivatives cost more with each one.
_MOST_NESTED = 3
_MOST_DERIVATIVES = 24
# Numbers that need more digits than this are no line of a proof.
_MOST_DIGITS = 5000
_SATURATING = (sympy.erf, sympy.erfc)


class Status(enum.StrEnum):
    """What became of a line."""

    EQUAL = "equal"
    WRONG = "wrong"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Setting:
    """What the lines of one proof share.

    Parameters
    ----------
    definitions
        Pairs (name, meaning).
    conditions
        Relations under which the lines are claimed to be equal.
    names
        Letters and functions, and what they are; other letters are real variables.
    at_kinks
        Whether the lines are claimed to be equal at the kinks too, where cases meet.
    """

    definitions: Definitions = ()
    conditions: tuple[Expr, ...] = ()
    names: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    at_kinks: bool = True

    @classmethod
    def of(cls, where: Mapping[str, str], positive: Collection[str] = ()) -> Setting:
        """Return the setting of names that stand for texts, and of positive letters.

        Raises
        ------
        ParseError
            If a name or what it stands for cannot be read.
        """
        names: dict[str, Any] = {
            letter: sympy.Symbol(letter, positive=True) for letter in positive
        }
        for term in where:
            head = term.partition("(")[0].strip()
            if "(" in term and head not in NAMED:
                names[head] = unknown_function(head)
        pairs = tuple((_parsed(t, names), _parsed(v, names)) for t, v in where.items())
        return cls(pairs, (), names)

    def read(self, line: str | Expr) -> Expr:
        """Return a line as an expression; a leading equals sign is left out.

        Raises
        ------
        ParseError
            With the place and what to write instead.
        """
        if not isinstance(line, str):
            return _with_derivatives(line)
        return _parsed(line.strip().removeprefix("=").lstrip(), self.names)

    def with_named(self, *lines: Expr) -> Definitions:
        """Return the definitions, those of the language's functions in the lines included."""
        own = {head(term) for term, _ in self.definitions}
        values = (value for _, value in self.definitions)
        found = dict.fromkeys(p for line in (*lines, *values) for p in definitions_of(line))
        return (*self.definitions, *(pair for pair in found if head(pair[0]) not in own))


def head(term: Expr) -> str:
    """Return the name that a definition defines."""
    return type(term).__name__ if isinstance(term, sympy.Function) else str(term)


def _parsed(text: str, names: Mapping[str, Any]) -> Expr:
    kept = {name: function for name, function in NAMED.items() if name not in names}
    return parse(text, names, kept=kept)


def _with_derivatives(e: Expr) -> Expr:
    """Return an expression of SymPy's with its derivatives as lines of a proof have them."""
    if isinstance(e, sympy.Derivative):
        inner = _with_derivatives(e.expr)
        for variable in e.variables:
            inner = D(inner, variable)
        return inner
    if not getattr(e, "args", ()):
        return e
    return rebuild(e, tuple(map(_with_derivatives, e.args)))


@dataclass(frozen=True)
class CheckedLine:
    """What `check_line` says of a line.

    Parameters
    ----------
    status
        ``equal``, ``wrong``, ``undecided`` or ``unreadable``.
    before, after
        The two lines, as they were read.
    proof
        Exact or numeric, for a line that is equal.
    named
        What leads from one line to the other, where they are equal.
    difference
        Where the lines differ and what they are there.
    slips
        The mistakes that explain a wrong line; several where they explain it equally.
    factor
        The number by which the line is too large, where that is all.
    reason
        Why the line cannot be read, or is not decided; what to note of one that is equal.
    """

    status: Status
    before: str
    after: str
    proof: Kind | None = None
    named: Named = field(default_factory=Named)
    difference: Difference | None = None
    slips: tuple[Slip, ...] = ()
    factor: str = ""
    reason: str = ""
    latex: str = ""

    def __bool__(self) -> bool:
        return self.status is Status.EQUAL

    @property
    def message(self) -> str:
        """What a reader is told, in one to four sentences."""
        if self.status is Status.EQUAL:
            how = {
                Kind.EXACT: "proved exactly",
                Kind.NUMERIC: "tested in numbers, not proved",
            }[self.proof or Kind.NUMERIC]
            said = f"Equal to the line above, {how}: {self.named}."
            return f"{said} {self.reason}".strip()
        if self.status is Status.WRONG:
            place = f"{self.difference}." if self.difference else f"{self.reason}."
            return " ".join(["Not equal to the line above:", place, *self._mistake()])
        if self.status is Status.UNDECIDED:
            return f"Neither proved nor refuted: {self.reason}."
        return self.reason

    def _mistake(self) -> list[str]:
        if len(self.slips) == 1:
            (slip,) = self.slips
            return [slip.says, slip.hint]
        if self.slips:
            words = "; or: ".join(slip.says.rstrip(".") for slip in self.slips)
            return [f"One of these explains it: {words}."]
        return [f"It is {self.factor} times the line above."] if self.factor else []

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data, for a page and for JSON."""
        return {
            "status": str(self.status),
            "before": self.before,
            "after": self.after,
            "latex": self.latex,
            "proof": None if self.proof is None else str(self.proof),
            "rules": [
                {
                    "name": used.rule.name,
                    "where": used.where,
                    "sentence": used.rule.sentence,
                    "formula": used.rule.formula,
                }
                for used in self.named.rules
            ],
            "what": str(self.named) if self else "",
            "difference": None
            if self.difference is None
            else {
                "at": dict(self.difference.point),
                "above": self.difference.above,
                "yours": self.difference.yours,
            },
            "slips": [
                {
                    "name": slip.name,
                    "says": slip.says,
                    "hint": slip.hint,
                    "rule": slip.rule.name,
                }
                for slip in self.slips
            ],
            "factor": self.factor,
            "reason": self.reason,
            "message": self.message,
        }

    def __repr__(self) -> str:
        return self.message

    def _repr_markdown_(self) -> str:
        shown = "equal" if self else str(self.status)
        return f"**{shown.capitalize()}.** {self.message}"


def check_line(
    before: str | Expr,
    after: str | Expr,
    *,
    where: Mapping[str, str] | None = None,
    positive: Collection[str] = (),
    setting: Setting | None = None,
    seconds: float = SECONDS,
) -> CheckedLine:
    """Tell whether a line is equal to the line above, and what happened.

    Parameters
    ----------
    before, after
        The line above and the next line: texts in the language of `parse`, with derivatives as
        ``d/dx(x^2)`` or ``D(x^2, x)``, or SymPy expressions.
    where
        Names and what they stand for, such as ``{"u": "1 + e^(-x)"}``.
    positive
        The letters that stand for positive numbers.
    setting
        All of this at once, for the lines of a derivation.
    seconds
        The time limit for each of: the proof, the search for a name.

    Returns
    -------
    CheckedLine
        True if the line is equal; its `message` says how that is known and which rule leads
        there, or where the lines differ and which slip explains it. The line may have values
        where the one above has none; the other way round only at single points.

    Examples
    --------
    >>> from actgrad.derivations import check_line
    >>> check_line("d/dx(e^(-x))", "e^(-x) d/dx(-x)")
    Equal to the line above, proved exactly: chain rule, with u = -x.
    >>> check_line("d/dx(sin(x^2))", "cos(x^2)").slips[0].name
    'inner derivative forgotten'
    """
    try:
        setting = setting or Setting.of(where or {}, positive)
    except ParseError as error:
        return _unreadable(before, after, f"What a name stands for cannot be read: {error}.")
    lines: list[Expr] = []
    for line, which in ((before, "The line above"), (after, "The line")):
        try:
            lines.append(_readable(setting.read(line)))
        except (ParseError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            return _unreadable(before, after, f"{which} cannot be read: {error}.")
    above, own = lines
    return _Judge(above, own, setting, seconds).judged()


def _unreadable(before: str | Expr, after: str | Expr, reason: str) -> CheckedLine:
    above, own = (str(line)[:200] for line in (before, after))
    return CheckedLine(Status.UNREADABLE, above, own, reason=reason)


def _readable(line: Expr) -> Expr:
    """Return the line, or refuse what no line of a proof is."""
    if not isinstance(line, sympy.Expr):
        raise TypeError(f'write a line such as "2*x", not a {type(line).__name__}')
    found = 0
    for part in walk(line):
        found += isinstance(part, D)
        known = not isinstance(part, sympy.Function) or _numeric.is_known(part)
        if not known:
            raise ValueError(f"the function {type(part).__name__} has no rules here")
    if found > _MOST_DERIVATIVES or _nested(line) > _MOST_NESTED:
        raise ValueError(
            f"at most {_MOST_DERIVATIVES} derivatives, {_MOST_NESTED} inside one another"
        )
    latex(line)  # an expression of SymPy's may be none of the language
    return line


def _nested(e: Expr) -> int:
    inside = max(map(_nested, e.args), default=0)
    return inside + isinstance(e, D)


class _Judge:
    """Two lines, and what they are claimed under."""

    def __init__(self, before: Expr, after: Expr, setting: Setting, seconds: float) -> None:
        self.lines = before, after
        self.definitions = setting.with_named(before, after)
        self.conditions = setting.conditions
        self.at_kinks = setting.at_kinks
        self.seconds = seconds
        self.whole = undefine(before, self.definitions), undefine(after, self.definitions)

    def judged(self) -> CheckedLine:
        if self.lines[0] == self.lines[1]:
            return self.made(Status.EQUAL, proof=Kind.EXACT, named=Named(same=True))
        found: list[CheckedLine] = []
        try:
            if self.limited(2 * self.seconds, lambda: found.append(self.decided())):
                return self.explained(found[0])
            reason = "it takes too long"
        except NoPoint:
            reason = "no point was found at which the line above has a value"
        except NotImplementedError as error:
            reason = str(error)
        except (ArithmeticError, MemoryError, RecursionError, TypeError, ValueError) as error:
            reason = f"the numbers of this line are out of reach ({type(error).__name__})"
        return self.made(Status.UNDECIDED, reason=reason)

    def made(self, status: Status, **more: Any) -> CheckedLine:
        before, after = map(plain, self.lines)
        return CheckedLine(status, before, after, latex=latex(self.lines[1]), **more)

    def limited(self, seconds: float, work: Callable[[], object]) -> bool:
        """Tell whether work was done in time."""
        try:
            return within(seconds, lambda: (work(), True)[1])
        except TimeLimit:
            return False

    def decided(self) -> CheckedLine:
        looked = compare(*self.whole, self.conditions, at_kinks=self.at_kinks)
        if looked.difference:
            return self.made(Status.WRONG, difference=looked.difference)
        try:
            proof = prove_equal(
                *self.lines,
                self.definitions,
                self.conditions,
                at_kinks=self.at_kinks,
                seconds=self.seconds,
            )
        except NoPoint:
            raise
        except Unproved as error:
            return self.made(Status.WRONG, reason=_in_the_reader_s_words(error))
        exact = proof.kind is Kind.EXACT
        if not exact and (found := self.far_behind_the_point() or self.check_cases()):
            return self.made(Status.WRONG, difference=found)
        return self.made(Status.EQUAL, proof=proof.kind, reason=_noted(looked))

    def check_cases(self) -> Difference | None:
        """Look into every case of lines that agree at random points; raise if that fails."""
        if not any(True for line in self.whole for _ in switches_of(line)):
            return None
        for x, point in points_in_cases(*self.whole):
            environments_there = environments(*self.whole, self.conditions)
            for environment, _ in zip(environments_there, range(2), strict=False):
                there = {**environment, x: mpmath.mpf(point.p) / point.q}
                if found := compare_at(*self.whole, there):
                    return found
        if self.at_kinks:
            check_kinks(*self.whole)
        return None

    def far_behind_the_point(self) -> Difference | None:
        """Return a difference too small for the digits that were compared, None if none."""
        points = environments(self.whole[0], self.whole[1], self.conditions)
        for environment, _ in zip(points, range(2), strict=False):
            with mpmath.workdps(30):
                digits = max(_digits(line, environment) for line in self.whole)
            if digits > _MOST_DIGITS:
                raise NotImplementedError("its numbers are too large or too small to compare")
            with mpmath.workdps(digits + 20):
                try:
                    left, right = (_numeric.value(line, environment) for line in self.whole)
                except _numeric.Undefined:
                    continue
                if abs(left - right) > max(abs(left), abs(right)) * mpmath.mpf(10) ** -digits:
                    return shown(environment, left, right)
        return None

    def explained(self, found: CheckedLine) -> CheckedLine:
        """Add the name of what happened; without one where the search takes too long."""
        more: dict[str, Any] = {}
        if found.status is Status.EQUAL:

            def search() -> None:
                more["named"] = named(*self.lines, self.definitions)

            more["named"] = Named(rewritten=True)
        elif found.status is Status.WRONG:

            def search() -> None:
                claim = *self.lines, self.definitions, self.conditions
                more["slips"] = slips_between(*claim)
                factor = None if more["slips"] else factor_between(*claim)
                more["factor"] = "" if factor is None else str(factor)

        else:
            return found
        try:
            self.limited(self.seconds / 2, search)
        except (ArithmeticError, NotImplementedError, RecursionError, TypeError, ValueError):
            pass
        except Unproved:
            pass
        return self.made(
            found.status,
            **{
                "proof": found.proof,
                "difference": found.difference,
                "reason": found.reason,
                **more,
            },
        )


def _in_the_reader_s_words(error: Unproved) -> str:
    """Return why a proof failed, the lines called what the reader calls them."""
    return str(error).replace("the line before", "the line above").replace("this line", "yours")


def _noted(looked: Comparison) -> str:
    if not looked.holes:
        return ""
    return f"It has no value at {' and '.join(looked.holes)}, where the line above has one."


def _digits(line: Expr, environment: dict[Expr, Any]) -> int:
    """Return how many digits show every number of a line next to every other.

    A number of size 10^n needs n digits, and a function that tends to a constant, such as tanh
    or erf, as many as its distance from it.
    """
    most = 60.0
    for part in walk(line):
        if not isinstance(part, sympy.Expr) or not part.free_symbols <= environment.keys():
            continue
        try:
            value = abs(_numeric.value(part, environment))
        except (_numeric.Undefined, NotImplementedError):
            continue
        if value:
            most = max(most, 3 * abs(float(mpmath.log10(value))))
        if isinstance(part, (sympy.Function, sympy.exp)):
            argument = abs(_numeric.value(part.args[0], environment))
            grows = argument**2 if isinstance(part, _SATURATING) else argument
            most = max(most, 3 * float(min(grows, mpmath.mpf(10) ** 9)))
    return int(most) + 40
