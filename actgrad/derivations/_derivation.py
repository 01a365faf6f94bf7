"""A derivation is data: a subject, a variable, and steps that each name their rule."""

from __future__ import annotations

import functools
import html
import itertools
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._cases import kinks
from actgrad.derivations._changes import changed_paths, mark
from actgrad.derivations._expression import D, Definitions, Expr
from actgrad.derivations._parse import parse
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Kind, Proof, Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._rule import Change, Rule, RuleDoesNotApply

MOST_WORDS = 12


@dataclass(frozen=True)
class Step:
    """One line of a derivation: the rule, what it makes of the line before, a note.

    Parameters
    ----------
    rule
        The rule that leads here.
    expression
        The line, unevaluated.
    note
        Why, or what to watch for; text between backticks is set as a formula. Its first dozen
        words, in whole sentences, stand beside the line, the rest below the derivation.
    parts
        Derivations of parts of the line before, carried out on the side.
    known
        A derivation proved elsewhere whose result is used here.
    """

    rule: Rule
    expression: Expr
    note: str = ""
    parts: tuple[Derivation, ...] = ()
    known: Derivation | None = None

    @property
    def beside(self) -> str:
        """The first sentences of the note, as many as a reader takes in beside the line."""
        return " ".join(self._sentences[: self._told])

    @property
    def remark(self) -> str:
        """The rest of the note, which stands below the derivation."""
        return " ".join(self._sentences[self._told :])

    @property
    def _sentences(self) -> list[str]:
        return re.split(r"(?<=[.]) (?=[A-Z`])", self.note) if self.note else []

    @property
    def _told(self) -> int:
        """How many sentences have at most a dozen words together; a formula counts as one."""
        lengths = (len(re.sub("`[^`]+`", "f", part).split()) for part in self._sentences)
        return sum(total <= MOST_WORDS for total in itertools.accumulate(lengths))

    def change(self, before: Expr, definitions: Definitions = ()) -> Change:
        """Return what this step makes of the line before."""
        return Change(before, self.expression, definitions, self.parts, self.known)


@dataclass(frozen=True)
class Report:
    """What proving a derivation gave: a proof for each step, nested ones included."""

    name: str
    proofs: tuple[Proof, ...]
    seconds: float

    @property
    def steps(self) -> int:
        return len(self.proofs)

    @property
    def exact(self) -> int:
        """How many steps are proved exactly."""
        return sum(proof.kind is Kind.EXACT for proof in self.proofs)

    @property
    def numeric(self) -> int:
        """How many steps are only tested, at random points to 40 of 50 digits."""
        return self.steps - self.exact

    @property
    def summary(self) -> str:
        """What was proved, in half a line."""
        if self.steps == 1 and not self.numeric:
            return "1 step, proved"
        steps = f"{self.steps} step{'s' * (self.steps != 1)}"
        if not self.numeric:
            return f"{steps}, every one proved"
        return f"{steps}: {self.exact} proved, {self.numeric} tested in numbers"

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        tested = f", {self.numeric} tested numerically" if self.numeric else ""
        return f"{self.name or 'derivation'}: {self.exact} of {self.steps} steps proved{tested}"

    def _repr_markdown_(self) -> str:
        return (
            "| Derivation | Steps | Proved exactly | Tested numerically |\n|:--|--:|--:|--:|\n"
            f"| {self.name.replace('_', ' ')} | {self.steps} | {self.exact} "
            f"| {self.numeric} |\n"
        )


@dataclass(frozen=True)
class Derivation:
    r"""A chain of equal expressions that starts at a subject or at its derivative.

    Parameters
    ----------
    subject
        What is differentiated, or rewritten.
    symbol
        The variable, or None for a chain that rewrites the subject and differentiates nothing.
    steps
        The lines, in order.
    definitions
        Pairs (name, meaning): what the names in the lines stand for.
    conditions
        Relations under which the chain is claimed, such as :math:`i \ne k`.
    name, title, source
        A name for programs, a title for readers, and where the derivation comes from.
    """

    subject: Expr
    symbol: Expr | None
    steps: tuple[Step, ...]
    definitions: Definitions = ()
    conditions: tuple[Expr, ...] = ()
    name: str = ""
    title: str = ""
    source: str = ""
    names: Mapping[str, Expr] = field(default_factory=dict, repr=False, compare=False)

    @property
    def start(self) -> Expr:
        """The left side: the subject, or its derivative, not carried out."""
        return self.subject if self.symbol is None else D(self.subject, self.symbol)

    @property
    def result(self) -> Expr:
        """The last line."""
        return self.steps[-1].expression if self.steps else self.start

    @property
    def anchor(self) -> str:
        """The name of the derivation in addresses."""
        return re.sub(r"[\W_]+", "-", self.name or self.title).strip("-").lower()

    @property
    def kinks(self) -> tuple[tuple[Expr, Expr], ...]:
        """The pairs (variable, place) where the subject changes from case to case."""
        return kinks(self.lines[0] if len(self.lines) == 1 else self.lines[1])

    @property
    def lines(self) -> tuple[Expr, ...]:
        """All lines, the left side first."""
        return (self.start, *(step.expression for step in self.steps))

    def prove(self) -> Report:
        """Prove every equals sign, nested derivations included.

        Returns
        -------
        A report with one proof, exact or numeric, for each step.

        Raises
        ------
        Unproved
            Naming the step, the rule and a counterexample.
        """
        started = time.perf_counter()
        proofs = tuple(self._proofs())
        return Report(self.name, proofs, time.perf_counter() - started)

    def _proofs(self) -> Iterator[Proof]:
        before = self.start
        for number, step in enumerate(self.steps, start=1):
            inner = [proof for part in step.parts for proof in part._proofs()]
            yield from inner
            try:
                if step.known is not None:
                    step.known.prove()
                if step.rule is rules.PARTS:
                    # The rule sees that the proved parts were put in, and nothing else.
                    numeric = (proof for proof in inner if proof.kind is Kind.NUMERIC)
                    proof = next(numeric, Proof(Kind.EXACT))
                else:
                    # A wrong line is refused with a counterexample, before its rule is asked.
                    proof = prove_equal(
                        before, step.expression, self.definitions, self.conditions
                    )
                step.rule.require_change(step.change(before, self.definitions))
                yield proof
            except (Unproved, RuleDoesNotApply) as error:
                raise Unproved(
                    f"{self.name or self.title or plain(self.start)}, step {number} "
                    f"({step.rule.name}): {plain(step.expression)}: {error}"
                ) from error
            before = step.expression

    # Display

    @property
    def left_side(self) -> str:
        """The left side in LaTeX, as short as a teacher writes it."""
        subject, symbol = self.subject, self.symbol
        if symbol is None:
            return latex(subject)
        if isinstance(subject, sympy.Function) and subject.args == (symbol,):
            return latex(unknown_function(type(subject).__name__ + "'")(symbol))
        return latex(D(subject, symbol))

    def rows(self) -> Iterator[tuple[str, str, Step]]:
        """Yield for each line: the left side if it is new, the formula, the step."""
        before = self.start
        for number, step in enumerate(self.steps):
            for part in step.parts:
                yield from part.rows()
            shown = mark(step.expression, changed_paths(before, step.expression))
            follows = number > 0 and not step.parts
            yield "" if follows else self.left_side, f"= {latex(shown)}", step
            before = step.expression

    def number_of(self, line: str) -> int:
        """Return the number under which a line is shown.

        Parameters
        ----------
        line
            The line in the notation of `parse`, as `plain` writes it.

        Returns
        -------
        int
            The first such line's number, counted from 1; parts carried out on the side count.

        Raises
        ------
        ValueError
            If no line reads so.

        Examples
        --------
        >>> from actgrad.derivations import sigmoid_by_chain_rule
        >>> sigmoid_by_chain_rule().number_of("e^(-x)/(1 + e^(-x))^2")
        11
        """
        wanted = parse(line, self.names)
        for number, (*_, step) in enumerate(self.rows(), 1):
            if step.expression == wanted:
                return number
        raise ValueError(f"no line of {self!r} reads {line}")

    def _repr_markdown_(self) -> str:
        rows = ["| Line | Left side | Step | Rule |", "|--:|--:|:--|:--|"]
        shown = list(self.rows())
        for number, (left, formula, step) in enumerate(shown, 1):
            note = f": {self._note_in_markdown(step.beside)}" if step.beside else ""
            first = rf"$\displaystyle {left}$" if left else ""
            if number == len(shown):
                formula = rf"= \boxed{{{formula.removeprefix('= ')}}}"
            rows.append(
                rf"| ({number}) | {first} | $\displaystyle {formula}$ "
                f"| **{step.rule.name}**{note} |"
            )
        return "\n".join([*rows, "", *self._report_in_markdown()]) + "\n"

    def _report_in_markdown(self) -> Iterator[str]:
        """Yield what unfolds below the lines: the proof, the rules and the longer remarks."""
        try:
            summary, how = self.prove().summary, _HOW
        except Unproved as error:
            summary, how = "Not proved", f"{error}."
        yield f'<details class="derivation-report" data-name="{self.anchor}">'
        yield f"<summary>{summary}</summary>"
        yield ""
        yield html.escape(how, quote=False).replace("*", r"\*").replace("_", r"\_")
        yield ""
        lines: dict[Rule, list[int]] = {}
        remarks = []
        for number, (*_, step) in enumerate(self.rows(), 1):
            lines.setdefault(step.rule, []).append(number)
            if step.remark:
                remarks.append(f"- ({number}) {self._note_in_markdown(step.remark)}")
        yield "| Lines | Rule | What it says |"
        yield "|:--|:--|:--|"
        for rule, numbers in lines.items():
            where = ", ".join(f"({number})" for number in numbers)
            yield f"| {where} | {rule.name} | {rule.sentence.replace('|', chr(92) + '|')} |"
        yield from ["", *remarks] if remarks else []
        yield from ["", "</details>"]

    def _note_in_markdown(self, note: str) -> str:
        return re.sub(
            r"`([^`]+)`", lambda found: f"${self._set(found.group(1))}$", note
        ).replace("|", r"\|")

    def _set(self, text: str) -> str:
        for sign, shown in (
            (" != ", r" \ne "),
            (" = ", " = "),
            (" >= ", r" \ge "),
            (" > ", " > "),
        ):
            if sign in text:
                return shown.join(map(self._set, text.split(sign)))
        return latex(parse(text, self.names))

    def __repr__(self) -> str:
        start, result = plain(self.start), plain(self.result)
        return f"<Derivation {start} = {result}, {len(self.steps)} steps>"

    def __str__(self) -> str:
        lines = [plain(self.start)]
        wide = min(60, max((len(plain(line)) for line in self.lines), default=0))
        for step in self.steps:
            for part in step.parts:
                lines.extend(f"      {line}" for line in str(part).splitlines())
            lines.append(f"  = {plain(step.expression):<{wide}}  [{step.rule.name}]")
            if step.note:
                lines.append(f"      {step.note}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the derivation as plain data: text, LaTeX, rules and notes of every line."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "subject": plain(self.subject),
            "symbol": None if self.symbol is None else plain(self.symbol),
            "start": {"text": plain(self.start), "latex": latex(self.start)},
            "definitions": {plain(name): plain(value) for name, value in self.definitions},
            "conditions": [plain(condition) for condition in self.conditions],
            "kinks": [f"{plain(x)} = {plain(place)}" for x, place in self.kinks],
            "steps": [
                {
                    "rule": step.rule.name,
                    "statement": step.rule.statement,
                    "sentence": step.rule.sentence,
                    "text": plain(step.expression),
                    "latex": latex(step.expression),
                    "note": step.note,
                    "parts": [part.to_dict() for part in step.parts],
                }
                for step in self.steps
            ],
        }


_HOW = (
    "Each line was compared with the line above it: the difference was reduced to 0, or, where "
    "the badge says tested, both had the same 40 digits at random points. Each rule's own test "
    "agreed that the line is its doing."
)

# The letters of the book, where a derivation does not say otherwise.
_BOOK: dict[str, Expr] = {
    **{
        name: unknown_function(name)
        for name in ("f", "f'", "sigma", "sigma'", "relu", "softplus", "g")
    },
    **{
        name: sympy.Symbol(name, integer=True, positive=True)
        for name in ("i", "j", "k", "l", "n", "m")
    },
    **{name: sympy.Symbol(name, real=True) for name in ("x", "u", "v", "s", "p")},
    "beta": sympy.Symbol("beta", positive=True),
}


Line = tuple[Rule, str] | tuple[Rule, str, str] | tuple[Rule, str, str, Derivation]
Lines = Sequence[Line]


def write(
    subject: str,
    symbol: str | None,
    lines: Lines,
    *,
    where: Mapping[str, str] | None = None,
    conditions: Sequence[str] = (),
    names: Mapping[str, Expr] | None = None,
    name: str = "",
    title: str = "",
    source: str = "",
) -> Derivation:
    """Return a derivation from lines of text, each with its rule and perhaps a note.

    Parameters
    ----------
    subject, symbol
        What is differentiated and by what, in the notation of `parse`.
    lines
        Tuples (rule, line) or (rule, line, note), and after the note, if the rule uses some,
        derivations: the parts worked out on the side, or the one whose result is known.
    where
        What the defined names stand for.
    conditions
        Pairs of indices that are distinct, written ``i != k``.
    names
        Further letters and what they are.
    """
    letters = {**_BOOK, **(names or {})}

    def read(text: str) -> Expr:
        return parse(text, letters)

    def step(rule: Rule, line: str, note: str = "", *used: Derivation) -> Step:
        if rule is rules.KNOWN:
            (known,) = used
            return Step(rule, read(line), f"{note} From: {known.title}.".strip(), known=known)
        return Step(rule, read(line), note, parts=used)

    def relation(text: str) -> Expr:
        left, right = text.split(" != ")
        return sympy.Ne(read(left), read(right))

    return Derivation(
        subject=read(subject),
        symbol=None if symbol is None else read(symbol),
        steps=tuple(step(*line) for line in lines),
        definitions=tuple((read(term), read(value)) for term, value in (where or {}).items()),
        conditions=tuple(map(relation, conditions)),
        name=name,
        title=title,
        source=source,
        names=letters,
    )


def derivation(
    subject: str, symbol: str | None, **options: Any
) -> Callable[[Callable[[], Lines]], Callable[[], Derivation]]:
    """Make a function that returns lines return the derivation, under the function's name.

    The arguments are those of `write`; ``name`` is the function's.
    """

    def named(lines: Callable[[], Lines]) -> Callable[[], Derivation]:
        def make() -> Derivation:
            return write(subject, symbol, lines(), name=name, **options)

        name = lines.__name__.lstrip("_")
        functools.update_wrapper(make, lines)
        del make.__wrapped__  # type: ignore[attr-defined]
        make.__annotations__ = {"return": Derivation}
        make.is_derivation = True  # type: ignore[attr-defined]
        return make

    return named
