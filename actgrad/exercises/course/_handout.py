"""What a student gets: a notebook with a statement, a starter and a check for each exercise."""

import textwrap
from decimal import Decimal

from actgrad.exercises._exercise import Exercise
from actgrad.exercises._imports import ALLOWED, rule
from actgrad.exercises.course._assignment import Assignment
from actgrad.exercises.exports._cells import statement
from actgrad.exercises.exports._files import Cell, Files, cell, notebook

_SETUP = "import numpy as np"
_CHECKS = "\n\nfrom actgrad.exercises import check"


def handout(assignment: Assignment) -> Files:
    """Return the student's notebook, and the same as a Python file in cells.

    Parameters
    ----------
    assignment : Assignment

    Returns
    -------
    mapping of str to bytes
        ``hw1.ipynb`` and ``hw1.py``, where the assignment's file is ``hw1.toml``. No
        solution is in them.
    """
    cells = [cell("markdown", head(assignment))]
    if assignment.install:
        cells.append(
            cell("code", f"# Once in each environment:\n%pip install -q {assignment.install}")
        )
    cells.append(cell("code", _SETUP + _CHECKS * bool(assignment.visible_checks)))
    for exercise in assignment.exercises:
        cells += _exercise(assignment, exercise)
    name = assignment.name
    return {f"{name}.ipynb": notebook(cells), f"{name}.py": percent(cells)}


def head(assignment: Assignment) -> str:
    """Return what stands above the exercises: due date, points, rules."""
    due = assignment.due
    lines = [
        f"# {assignment.title}",
        f"**Due {due:%Y-%m-%d %H:%M} (UTC{due.isoformat()[-6:]})** · "
        f"**{plural(assignment.max_points, 'point')}** · "
        f"about {sum(item.minutes for item in assignment.exercises)} minutes",
        "Write each answer into the cell below its question, keep its name, and hand in this "
        f"file. {rule(assignment.allow)}",
    ]
    if assignment.late:
        lines.append(late_policy(assignment))
    return "\n\n".join(lines)


def late_policy(assignment: Assignment) -> str:
    """Return what lateness costs, in a sentence."""
    late = assignment.late
    if late is None:
        return ""
    if late.days == 0:
        return "What comes after the due date gets no points."
    share = number(100 * late.per_day)
    return (
        f"Each day begun after the due date costs {share} % of the points earned; after "
        f"{plural(Decimal(late.days), 'day')} there are none."
    )


def number(value: Decimal) -> str:
    """Return a number without zeros that say nothing.

    Examples
    --------
    >>> [number(Decimal(text)) for text in ("12", "2.50", "1E+1", "0.0")]
    ['12', '2.5', '10', '0']
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plural(value: Decimal, word: str) -> str:
    """Return a number with its word, in the plural where it must be."""
    return f"{number(value)} {word}{'s' * (value != 1)}"


def _exercise(assignment: Assignment, exercise: Exercise) -> list[Cell]:
    worth = plural(assignment.worth(exercise), "point")
    facts = f"*{exercise.kind}, {exercise.level}, about {exercise.minutes} min, {worth}.* "
    text = statement(exercise).replace(
        f"## {exercise.title}\n", f"## {exercise.title}\n\n{facts}{rule(assignment.allow)}\n", 1
    )
    starter = exercise.starter_text.replace("import numpy as np\n\n\n", "", 1).rstrip()
    cells = [cell("markdown", text.rstrip()), cell("code", starter)]
    if exercise.id in assignment.visible_checks:
        cells.append(cell("code", check_call(assignment, exercise)))
    return cells


def check_call(assignment: Assignment, exercise: Exercise) -> str:
    """Return the line that checks an answer under the assignment's rules."""
    allow = [name for name in assignment.allow if name not in ALLOWED]
    more = f", allow={allow}".replace("'", '"') if allow else ""
    return f'check("{exercise.id}", {exercise.name}{more})'


def percent(cells: list[Cell]) -> bytes:
    """Return cells as a Python file, in the percent form that editors and Jupytext read."""
    blocks = []
    for item in cells:
        source = item["source"]
        if item["cell_type"] == "markdown":
            blocks.append("# %% [markdown]\n" + textwrap.indent(source, "# ", lambda _: True))
        elif source.startswith("check("):
            blocks.append(f"# %%\nprint({source})")
        else:
            lines = source.splitlines()
            blocks.append(
                "# %%\n" + "\n".join("# " * line.startswith("%") + line for line in lines)
            )
    text = "\n\n".join(blocks) + "\n"
    return "\n".join(line.rstrip() for line in text.split("\n")).encode()
