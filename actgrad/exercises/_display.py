"""What a chapter's cell shows: ``exercise("sigmoid-gradient")`` as Markdown."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from actgrad._extras import needs
from actgrad.exercises._exercise import Exercise, ExpressionExercise, FunctionExercise, Prove
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
        exercise = self.exercise
        points = f"{exercise.points} point{'s' * (exercise.points > 1)}"
        blocks = [
            f"**Exercise · {exercise.title}** "
            f"({exercise.kind}, {exercise.level}, about {exercise.minutes} min, {points}) "
            f"`{exercise.id}`",
            exercise.statement.strip(),
        ]
        if isinstance(exercise, FunctionExercise | Prove):
            blocks.append(_code(exercise.starter_text))
            answer, says = exercise.name, f" {rule()}"
        else:
            answer, says = '"..."', ""
        blocks.append(f"Check it in a notebook: `check({exercise.id!r}, {answer})`.{says}")
        blocks += [
            _folded(f"Hint {number} of {len(exercise.hints)}", text)
            for number, text in enumerate(exercise.hints, 1)
        ]
        if self.instructor:
            blocks.append(_folded("Solution (instructors' edition)", solution_text(exercise)))
        return "\n\n".join(blocks) + "\n"

    def __repr__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _ipython_display_(self) -> None:
        from IPython import display as show

        show.display(show.Markdown(self.markdown))  # type: ignore[no-untyped-call]
        box = answer_box(self.exercise.id)
        if box is not None:
            show.display(box)  # type: ignore[no-untyped-call]


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
    """Return the answer box of a derive or predict exercise.

    Parameters
    ----------
    id : str
        The exercise.

    Returns
    -------
    AnswerBox or None
        None for an exercise that is answered by a function or by many lines, and where
        anywidget is absent.
    """
    found = find(id)
    one_line = isinstance(found, ExpressionExercise) and not isinstance(found, Prove)
    if not one_line or find_spec("anywidget") is None:
        return None
    from actgrad.exercises._answer_box import AnswerBox

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
