"""An assignment for otter: a master notebook for ``otter assign``."""

from collections.abc import Collection, Sequence

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.exports._cells import LANGUAGE, language, shown, statement, tests
from actgrad.exercises.exports._files import Files, cell, notebook

_CONFIGURATION = """\
# ASSIGNMENT CONFIG
name: {name}
export_cell: false
check_all_cell: false
init_cell: true
solutions_pdf: false
template_pdf: false
generate:
  pdf: false
  zips: false
  show_stdout: false
  show_hidden: false
files:
  - {language}
"""
_TEST_CONFIGURATION = '''\
""" # BEGIN TEST CONFIG
hidden: {hidden}
points: {points}
""" # END TEST CONFIG
'''


def otter(
    exercises: Sequence[Exercise],
    name: str,
    seed: str,
    visible: Collection[str] | None = None,
) -> Files:
    """Return the master notebook and its support file.

    Parameters
    ----------
    exercises : sequence of Exercise
    name : str
        The assignment's name.
    seed : str
        The hidden inputs are drawn from it.
    visible : collection of str, optional
        The exercises with a visible test, of no points, before the hidden one; by default all.

    Returns
    -------
    mapping of str to bytes
    """
    cells = [cell("raw", _CONFIGURATION.format(name=name, language=LANGUAGE))]
    cells.append(cell("markdown", f"# {name}"))
    for exercise in exercises:
        cells.append(cell("raw", f"# BEGIN QUESTION\nname: {exercise.name}\n"))
        cells.append(cell("markdown", statement(exercise)))
        cells.append(cell("raw", "# BEGIN SOLUTION"))
        answer = (
            f"{exercise.starter_text}# BEGIN SOLUTION\n"
            f"{exercise.submission(exercise.solution)}# END SOLUTION"
        )
        cells.append(cell("code", answer))
        cells.append(cell("raw", "# END SOLUTION"))
        cells.append(cell("raw", "# BEGIN TESTS"))
        is_open = visible is None or exercise.id in visible
        for (points, code), open_code in zip(
            tests(exercise, seed), shown(exercise), strict=True
        ):
            if open_code and is_open:
                head = _TEST_CONFIGURATION.format(hidden="false", points=0)
                cells.append(cell("code", head + open_code.rstrip()))
            head = _TEST_CONFIGURATION.format(hidden="true", points=points)
            cells.append(cell("code", head + code.rstrip()))
        cells.append(cell("raw", "# END TESTS"))
        cells.append(cell("raw", "# END QUESTION"))
    return {f"{name}.ipynb": notebook(cells), LANGUAGE: language()}
