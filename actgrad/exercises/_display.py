"""What a chapter's cell shows: ``exercise("sigmoid-gradient")`` as Markdown."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from actgrad._extras import needs
from actgrad.exercises._exercise import (
    Derivable,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Prove,
)
from actgrad.exercises._imports import rule
from actgrad.exercises._practice import find

EDITION = "ACTGRAD_EDITION"


@dataclass(frozen=True)
class ExerciseText:
    """An exercise as a reader sees it; ``markdown`` is its text.

    The solution stands in it only in the instructor's edition, that is where the environment
    variable ``ACTGRAD_EDITION`` is ``instructor``.
    """

    exercise: Exercise
    instructor: bool = False

    @property
    def markdown(self) -> str:
        """The whole text as Markdown."""
        return "\n\n".join([self._question, *self._starter, *self._rest]) + "\n"

    @property
    def shown(self) -> list[Any]:
        """What is displayed: Markdown as text, and what it is answered in between."""
        begin = (
            f'<section class="exercise" id="exercise-{self.exercise.id}" '
            f'data-exercise="{self.exercise.id}">'
        )
        boxes = self._boxes
        question = [begin, self._question, *([] if boxes else self._starter)]
        rest = [*self._rest, "</section>"]
        return ["\n\n".join(question), *boxes, "\n\n".join(rest)]

    @property
    def _question(self) -> str:
        exercise = self.exercise
        return f"**Exercise · {exercise.title}**\n\n{exercise.statement.strip()}"

    @property
    def _starter(self) -> list[str]:
        has = isinstance(self.exercise, FunctionExercise | Prove)
        return [_code(self.exercise.starter_text)] if has else []

    @property
    def _rest(self) -> list[str]:
        """The hints, then what kind of exercise it is, then how a notebook checks it."""
        exercise = self.exercise
        points = f"{exercise.points} point{'s' * (exercise.points > 1)}"
        is_code = isinstance(exercise, FunctionExercise | Prove)
        answer, says = (exercise.name, f" {rule()}") if is_code else ('"..."', "")
        blocks = [
            _folded(f"Hint {number} of {len(exercise.hints)}", text)
            for number, text in enumerate(exercise.hints, 1)
        ]
        blocks.append(
            f"*{exercise.kind}, {exercise.level}, about {exercise.minutes} min, {points}.* "
            f"In a notebook: `check({exercise.id!r}, {answer})`.{says}"
        )
        if self.instructor:
            blocks.append(_folded("Solution (instructors' edition)", solution_text(exercise)))
        return blocks

    @property
    def _boxes(self) -> list[Any]:
        """The answer box or the editor, and the proof editor; none without anywidget."""
        if find_spec("anywidget") is None:
            return []
        found = [box] if (box := answer_box(self.exercise.id)) is not None else []
        if isinstance(self.exercise, Derivable) and self.exercise.task is not None:
            from actgrad.exercises._proof_editor import opened

            found.append(opened(self.exercise.id, folded=True))
        return found

    def __repr__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _ipython_display_(self) -> None:
        from IPython import display as show

        for part in self.shown:
            shown = show.Markdown(part) if isinstance(part, str) else part  # type: ignore[no-untyped-call]
            show.display(shown)  # type: ignore[no-untyped-call]


def exercise(id: str, *, student: str = "") -> ExerciseText:
    """Return an exercise to show: its statement, starter and hints.

    Parameters
    ----------
    id : str
        The exercise, such as ``"sigmoid-gradient"``.
    student : str
        Whose constants it has, where they differ from student to student.

    Returns
    -------
    ExerciseText
        Markdown in a notebook and in the book, with an answer box below it where the answer
        is an expression or a number.

    Raises
    ------
    KeyError
        Where there is no such exercise; the message names the nearest ids.
    """
    return ExerciseText(find(id).of(student), os.environ.get(EDITION) == "instructor")


def answer_box(id: str) -> Any:
    """Return where an exercise is answered, with no kernel.

    Parameters
    ----------
    id : str
        The exercise.

    Returns
    -------
    AnswerBox, CodeBox or None
        A field for an expression or a number, an editor for a function; None for an exercise
        that is answered by many lines, and where anywidget is absent.
    """
    found = find(id)
    if isinstance(found, Prove) or find_spec("anywidget") is None:
        return None
    from actgrad.exercises._answer_box import AnswerBox
    from actgrad.exercises._code_box import CodeBox

    if isinstance(found, FunctionExercise):
        return CodeBox.of(found)
    assert isinstance(found, ExpressionExercise)
    return AnswerBox.of(found)


def proof_editor(what: Any) -> Any:
    """Return the proof editor of an exercise, of a named derivation, or of a task of your own.

    Parameters
    ----------
    what : str or Task
        The id of a *derive* or *prove* exercise, the name of one of
        `actgrad.derivations.DERIVATIONS`, or an `actgrad.derivations.Task`.

    Returns
    -------
    ProofEditor
        A widget: the reader writes a derivation, each line is proved or refused, and a hint
        tells the next rule, then the next line. From Python ``check``, ``hint``, ``undo``
        and ``text`` do the same.

    Raises
    ------
    ValueError
        For an exercise that is not derived line by line.
    KeyError
        Where there is neither such an exercise nor such a derivation.
    ImportError
        Where anywidget is absent.

    Examples
    --------
    >>> editor = proof_editor("quotient-warm-up")
    >>> editor.hint()[:20]
    'Next: quotient rule.'
    """
    with needs("explorers"):
        from actgrad.exercises._proof_editor import opened

    return opened(what)


def _code(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"


def _folded(summary: str, text: str) -> str:
    # The blank lines let a Markdown parser read what stands between the HTML lines.
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def solution_text(exercise: Exercise) -> str:
    """Return the solution, and what `about_solution` says of it, as Markdown."""
    return f"{_code(exercise.submission(exercise.solution))}\n\n{about_solution(exercise)}"


def about_solution(exercise: Exercise) -> str:
    """Return what is learnt, other right answers and the known mistakes, as Markdown."""
    lines = [f"What a right answer is told to have learnt: {exercise.learnt}."]
    if exercise.alternatives:
        lines.append("Also right:")
        lines += [_code(text) for text in exercise.alternatives]
    lines.append("Known mistakes, and what is said to them:")
    lines += [f"- **{item.id}**: {item.says}" for item in exercise.mistakes]
    return "\n\n".join(lines)
