"""What a reader is asked to derive: where to start, what to reach, and a hint on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actgrad.derivations import rules
from actgrad.derivations._derivation import Derivation, Step
from actgrad.derivations._derive import Unsupported, derive, deriver, tidied
from actgrad.derivations._expression import D, Expr, at, find, replace_all, walk
from actgrad.derivations._forms import derivatives, order_form
from actgrad.derivations._line import CheckedLine, Setting, Status, check_line
from actgrad.derivations._parse import ParseError
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._rule import Rule
from actgrad.derivations._tidy import cancelled, worked_out


@dataclass(frozen=True)
class Hint:
    """What may be done next: the rule, and the line that it gives for who asks further.

    Parameters
    ----------
    rule
        The rule; None where nothing is left to do.
    note
        Where, or why.
    line
        The next line; nothing where only the reader can find it.
    """

    rule: Rule | None
    note: str = ""
    line: Expr | None = field(default=None, repr=False)

    def to_dict(self, *, with_line: bool = False) -> dict[str, Any]:
        """Return the hint as plain data; the line only where it is asked for."""
        shown = self.line if with_line else None
        return {
            "rule": "" if self.rule is None else self.rule.name,
            "sentence": "" if self.rule is None else self.rule.sentence,
            "formula": "" if self.rule is None else self.rule.formula,
            "note": self.note,
            "more": self.line is not None,
            "text": "" if shown is None else plain(shown),
            "latex": "" if shown is None else latex(shown),
        }


@dataclass(frozen=True)
class Reached:
    """Whether a line is what was asked for, and what is still open."""

    open: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.open

    def __repr__(self) -> str:
        return f"Still open: {'; '.join(self.open)}." if self.open else "The goal is reached."


@dataclass(frozen=True)
class Task:
    """Something to derive, line by line.

    Parameters
    ----------
    start
        The first line, such as ``"d/dx(x*sigma(x))"``.
    goal
        What to reach, in any equal form; without one, the start with its derivatives carried
        out.
    where
        Names and what they stand for.
    positive
        The letters that stand for positive numbers.
    letters
        The letters that the last line may have; without them, all.
    title
        For readers.
    at_kinks
        Whether the lines must be equal at the kinks too; without it any slope counts there.
    derivation
        The name of the derivation that is replayed; one that has none is derived again.

    Examples
    --------
    >>> task = Task("d/dx(x*tanh(x))", goal="y + x*(1 - y^2)", where={"y": "tanh(x)"})
    >>> task.hint(task.start).rule.name
    'product rule'
    >>> task.reached("tanh(x) + x*tanh'(x)")
    Still open: a derivative is left: D(tanh(x), x).
    >>> task.reached("y + x - x*y^2")
    The goal is reached.
    """

    start: str
    goal: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    title: str = ""
    at_kinks: bool = True
    derivation: str = ""
    _replayed: Derivation | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, derivation: Derivation) -> Task:
        """Return the task to write a derivation oneself."""
        # A name says what its letters are.
        letters = () if derivation.name else derivation.start.free_symbols
        return cls(
            start=plain(derivation.start),
            goal=plain(derivation.result),
            positive=tuple(sorted(str(letter) for letter in letters if letter.is_positive)),
            title=derivation.title,
            derivation=derivation.name,
            _replayed=derivation,
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Task:
        """Return the task that `to_dict` wrote, or that of a derivation, by its name.

        With ``replay`` it is that of the derivation which `derive` makes of the start.

        Raises
        ------
        ValueError
            If a field is unknown, no derivation has the name, or none can be made.
        """
        fields = (
            *("start", "goal", "where", "positive", "letters", "title"),
            *("at_kinks", "derivation", "replay"),
        )
        if unknown := sorted(set(data) - set(fields)):
            raise ValueError(f"a task has no {', '.join(unknown)}; it has {', '.join(fields)}")
        if name := data.get("derivation"):
            from actgrad.derivations.documents import DERIVATIONS

            if name not in DERIVATIONS:
                raise ValueError(f"no derivation is called {name!r}")
            return cls.of(DERIVATIONS[name]())
        task = replace(
            cls(str(data.get("start", "")), str(data.get("goal", ""))),
            where=dict(data.get("where", {})),
            positive=tuple(data.get("positive", ())),
            letters=tuple(data.get("letters", ())),
            title=str(data.get("title", "")),
            at_kinks=bool(data.get("at_kinks", True)),
        )
        if not data.get("replay"):
            return task
        first = task.setting.read(task.start)
        if not isinstance(first, D):
            raise ValueError(f"{task.start!r} is no derivative: there is nothing to replay")
        derived = cls.of(derive(first.expression, first.variable))
        return replace(derived, title=task.title or derived.title)

    def to_dict(self) -> dict[str, Any]:
        """Return the task as plain data, its goal included: a page hides what it shows late.

        What is empty is left out: the data stand in addresses too.
        """
        if self.derivation:
            return {"derivation": self.derivation}
        data: dict[str, Any] = {
            "start": self.start,
            "goal": self.goal,
            "where": dict(self.where),
            "positive": list(self.positive),
            "letters": list(self.letters),
            "title": self.title,
        }
        if self._replayed is not None:
            data |= {"goal": "", "replay": True}
        if not self.at_kinks:
            data["at_kinks"] = False
        return {name: value for name, value in data.items() if value not in ("", [], {})}

    @property
    def replayed(self) -> Derivation | None:
        """The derivation that is written anew; None where the way is the reader's own."""
        return self._replayed

    @property
    def setting(self) -> Setting:
        """What the lines share."""
        if self._replayed is None:
            return replace(Setting.of(self.where, self.positive), at_kinks=self.at_kinks)
        replayed = self._replayed
        return Setting(replayed.definitions, replayed.conditions, replayed.names)

    def check(self, before: str | Expr, after: str | Expr) -> CheckedLine:
        """Judge a line, as `check_line` does, in the setting of this task."""
        try:
            setting = self.setting
        except ParseError as error:
            reason = f"What a name stands for cannot be read: {error}."
            return CheckedLine(Status.UNREADABLE, str(before), str(after), reason=reason)
        return check_line(before, after, setting=setting)

    def reached(self, line: str | Expr) -> Reached:
        """Tell whether a line is what was asked for: equal, without derivatives, and tidy.

        Raises
        ------
        ParseError
            If the line cannot be read.
        """
        e = self.setting.read(line)
        asked = self.setting.read(self.goal or self.start)
        allowed = derivatives(asked) if self.goal else {}
        derived = (part for part in walk(e) if isinstance(part, D))
        if left := [d for d in derived if order_form(d) not in allowed]:
            return Reached((f"a derivative is left: {plain(left[0])}",))
        found = self.check(asked, e)
        if not found:
            why = str(found.difference) if found.difference else found.reason
            return Reached((f"it is not what was asked for: {why}",))
        left_open = []
        if self.letters and (more := self._other_letters(e)):
            left_open.append(f"{', '.join(more)} still stands in it: write it in {self._in}")
        if order_form(worked_out(e)) != order_form(e):
            left_open.append("numbers, 0, 1 or signs are left to work out")
        elif order_form(cancelled(e)) != order_form(e):
            left_open.append("a common factor is left to cancel")
        return Reached(tuple(left_open))

    def _other_letters(self, e: Expr) -> list[str]:
        return sorted({str(symbol) for symbol in e.free_symbols} - {*self.letters})

    @property
    def _in(self) -> str:
        return ", ".join(self.letters)

    def hint(self, line: str | Expr) -> Hint:
        """Return what may be done next with a line.

        Raises
        ------
        ParseError
            If the line cannot be read.
        """
        e = self.setting.read(line)
        if (step := self._replayed_step(e)) is not None:
            return Hint(step.rule, step.note, step.expression)
        if paths := list(find(e, lambda part: isinstance(part, D))):
            return self._differentiated(e, paths)
        if (tidy := next(tidied(e), None)) is not None:
            return Hint(tidy.rule, tidy.note, tidy.expression)
        if self.reached(e):
            return Hint(None, "The goal is reached.")
        return self._substituted_back(e)

    def _replayed_step(self, e: Expr) -> Step | None:
        if self._replayed is None:
            return None
        before = self._replayed.start
        for step in self._replayed.steps:
            if order_form(before) == order_form(e):
                return step
            before = step.expression
        return None

    def _differentiated(self, e: Expr, paths: list[tuple[int, ...]]) -> Hint:
        # The innermost of nested derivatives comes first, and one that a rule differentiates.
        inmost = [p for p in paths if not any(isinstance(q, D) for q in walk(at(e, p).args[0]))]
        letters = {name for name, _ in self.setting.definitions if name.is_Symbol}
        for path in inmost:
            d = at(e, path)
            if (named := letters & (d.expression.free_symbols - {d.variable})) and (
                hint := self._definition(e, path, named)
            ):
                return hint
            try:
                step = deriver(d).next_step(e, [path])
            except Unsupported as reason:
                return Hint(None, f"No rule is known for this derivative: {reason}")
            return Hint(step.rule, step.note, step.expression)
        raise AssertionError("a derivative has an innermost one")

    def _definition(self, e: Expr, path: tuple[int, ...], named: set[Expr]) -> Hint | None:
        d = at(e, path)
        for name, value in self.setting.definitions:
            if name in named and d.variable in value.free_symbols:
                note = f"`{plain(name)}` depends on `{plain(d.variable)}`."
                return Hint(rules.DEFINITION, note, replace_all(e, name, value))
        return None

    def _substituted_back(self, e: Expr) -> Hint:
        for name, value in self.setting.definitions:
            if (line := replace_all(e, value, name)) != e:
                return Hint(rules.SUBSTITUTE_BACK, f"`{plain(name)} = {plain(value)}`.", line)
        if self.setting.definitions and self._other_letters(e):
            (name, value), *_ = self.setting.definitions
            return Hint(rules.SUBSTITUTE_BACK, f"`{plain(name)} = {plain(value)}`.")
        return Hint(None, "What is left is algebra: compare with what was asked for.")


def replay(derivation: Derivation, blank: Collection[int] | None = None) -> dict[str, Any]:
    """Return a derivation as plain data with some of its lines left out, to be written.

    Parameters
    ----------
    derivation
        One of `DERIVATIONS`, or one of your own.
    blank
        The numbers of the steps whose lines are left out, the first being 1; without them,
        every second one from the first on, and never the last of several.

    Returns
    -------
    dict
        The ``task`` of the whole, the ``start``, and ``steps``; a step has its ``rule`` and
        ``note``, and its line as ``text`` and ``latex``, both empty where it is ``blank``.

    Raises
    ------
    ValueError
        If a number is that of no step.
    """
    number = len(derivation.steps)
    chosen = range(1, max(number, 2), 2) if blank is None else blank
    if outside := sorted(set(chosen) - set(range(1, number + 1))):
        raise ValueError(f"there is no step {outside[0]}: the steps are 1 to {number}")
    return {
        "task": Task.of(derivation).to_dict(),
        "title": derivation.title,
        "start": {"text": plain(derivation.start), "latex": latex(derivation.start)},
        "steps": list(_replayed(derivation, set(chosen))),
    }


def _replayed(derivation: Derivation, blank: set[int]) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(derivation.steps, 1):
        hidden = number in blank
        yield {
            "rule": step.rule.name,
            "sentence": step.rule.sentence,
            "note": step.note,
            "blank": hidden,
            "text": "" if hidden else plain(step.expression),
            "latex": "" if hidden else latex(step.expression),
        }
