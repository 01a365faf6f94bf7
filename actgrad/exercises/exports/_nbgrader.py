"""An assignment for nbgrader: a source notebook with hidden tests, as its docs describe."""

from collections.abc import Collection, Sequence
from typing import Any

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.exports._cells import LANGUAGE, language, shown, statement, tests
from actgrad.exercises.exports._files import Files, cell, notebook


def nbgrader(
    exercises: Sequence[Exercise],
    name: str,
    seed: str,
    visible: Collection[str] | None = None,
) -> Files:
    """Return the files of ``source/NAME`` in an nbgrader course.

    Parameters
    ----------
    exercises : sequence of Exercise
    name : str
        The assignment's name.
    seed : str
        The hidden inputs are drawn from it.
    visible : collection of str, optional
        The exercises with a visible test before the hidden one; by default all.

    Returns
    -------
    mapping of str to bytes
    """
    cells = [cell("markdown", f"# {name}\n\nReplace the line that raises an error.")]
    for exercise in exercises:
        cells.append(
            cell("markdown", statement(exercise), _metadata(f"{exercise.id}-text", locked=True))
        )
        answer = (
            f"{exercise.starter_text}### BEGIN SOLUTION\n"
            f"{exercise.submission(exercise.solution)}### END SOLUTION"
        )
        cells.append(cell("code", answer, _metadata(exercise.id, solution=True)))
        pairs = zip(tests(exercise, seed), shown(exercise), strict=True)
        for number, ((points, code), open_code) in enumerate(pairs, 1):
            is_open = visible is None or exercise.id in visible
            hidden = f"### BEGIN HIDDEN TESTS\n{code}### END HIDDEN TESTS"
            source = f"{open_code}\n{hidden}" if open_code and is_open else hidden
            metadata = _metadata(
                f"{exercise.id}-test-{number}", grade=True, locked=True, points=points
            )
            cells.append(cell("code", source, metadata))
    folder = f"source/{name}"
    return {f"{folder}/{name}.ipynb": notebook(cells), f"{folder}/{LANGUAGE}": language()}


def _metadata(identifier: str, **more: Any) -> dict[str, Any]:
    base = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": identifier, **base, **more}}
