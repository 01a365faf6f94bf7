"""The proof editor of a notebook: a derivation is written, each line proved or refused."""

import html
from importlib import resources
from typing import Any

import anywidget
import traitlets

from actgrad.derivations import DERIVATIONS, CheckedLine, ParseError, Task, plain
from actgrad.exercises._exercise import Derivable
from actgrad.exercises._practice import find

_FILES = resources.files(__package__)


class ProofEditor(anywidget.AnyWidget):
    r"""A derivation written line by line, the kernel being the judge.

    Attributes
    ----------
    title, start : str
        What is to be derived, and its first line.
    given : dict
        The task as plain data, with which the book's lab opens it too.
    folded : bool
        Whether it is opened by a click.
    lines : list of dict
        The lines that are equal to those above, each with ``text`` and ``message``.
    answer : dict
        What was said last: ``number`` of the request, ``status``, ``message``, ``more``.
    request : dict
        What the page asks: ``number``, ``what`` (``check``, ``hint``, ``undo``), ``line``.
    reached : bool
        Whether the last line is what was asked for.
    fallback : str
        What stands in its place where nothing can be typed.

    Examples
    --------
    >>> editor = ProofEditor(Task("d/dx(x^2)"))
    >>> editor.check("2*x").message
    'Equal to the line above, proved exactly: power rule.'
    >>> editor.reached, editor.text
    (True, 'D(x^2, x)\n= 2*x')
    """

    _esm = (_FILES / "proof_editor.js").read_text(encoding="utf-8")
    _css = (_FILES / "proof_editor.css").read_text(encoding="utf-8")

    title = traitlets.Unicode().tag(sync=True)
    start = traitlets.Unicode().tag(sync=True)
    given = traitlets.Dict().tag(sync=True)
    folded = traitlets.Bool().tag(sync=True)
    lines: Any = traitlets.List().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True)
    reached = traitlets.Bool().tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    def __init__(self, task: Task, *, folded: bool = False) -> None:
        self.task = task
        start = plain(task.setting.read(task.start))
        note = (
            "The proof editor needs JavaScript and a kernel; without them, judge a line with "
        )
        call = html.escape("check_line(before, after)")
        super().__init__(
            title=task.title,
            start=start,
            given=task.to_dict(),
            folded=folded,
            fallback=f"<p>{note}<code>{call}</code>.</p>",
        )

    @property
    def last(self) -> str:
        """The last line that is equal to the one above."""
        return str(self.lines[-1]["text"]) if self.lines else self.start

    @property
    def text(self) -> str:
        """All lines as a text, in the form in which they are handed in."""
        return "\n= ".join([self.start, *(line["text"] for line in self.lines)])

    def check(self, line: str) -> CheckedLine:
        """Judge the next line; one that is equal becomes the last."""
        found = self.task.check(self.last, line)
        message = found.message
        if found:
            self.lines = [*self.lines, {"text": found.after, "message": found.message}]
            reached = self.task.reached(found.after)
            self.reached = bool(reached)
            message = f"{message} {reached!r}"
        self._say(str(found.status), message)
        return found

    def hint(self, *, with_line: bool = False) -> str:
        """Return the next rule or, where it is asked for, the next line."""
        found = self.task.hint(self.last)
        rule = "" if found.rule is None else f"Next: {found.rule.name}. {found.rule.sentence}"
        text = f"{rule} {found.note}".strip()
        if with_line and found.line is not None:
            text = plain(found.line)
        self._say("hint", text, more=found.line is not None and not with_line)
        return text

    def undo(self) -> None:
        """Take the last line away."""
        self.lines = self.lines[:-1]
        self.reached = bool(self.lines) and bool(self.task.reached(self.last))
        self._say("undone", "The last line is taken away." if self.lines else "At the start.")

    def _say(self, status: str, message: str, more: bool = False) -> None:
        number = self.request.get("number", 0)
        self.answer = {"number": number, "status": status, "message": message, "more": more}

    @traitlets.observe("request")
    def _asked(self, change: Any) -> None:
        asked = change["new"]
        what, line = asked.get("what"), str(asked.get("line", ""))
        try:
            if what == "check":
                self.check(line)
            elif what == "hint":
                self.hint(with_line=bool(asked.get("more")))
            elif what == "undo":
                self.undo()
        except (ParseError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            self._say("unreadable", f"That cannot be answered: {error}.")


def opened(what: str | Task, *, folded: bool = False) -> ProofEditor:
    """Return the proof editor of what `actgrad.exercises.proof_editor` names."""
    if isinstance(what, Task):
        return ProofEditor(what, folded=folded)
    if what in DERIVATIONS:
        return ProofEditor(Task.of(DERIVATIONS[what]()), folded=folded)
    found = find(what)
    task = found.task if isinstance(found, Derivable) else None
    if task is None:
        raise ValueError(
            f"the exercise {what!r} is not derived line by line: open one of the kind derive "
            "or prove"
        )
    return ProofEditor(Task.from_dict(task), folded=folded)
