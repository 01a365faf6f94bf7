"""What a student gets: a notebook with a statement, a starter and a check for each exercise."""

import re
import textwrap
from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from actgrad.exercises._compare import same
from actgrad.exercises._display import about_solution
from actgrad.exercises._exercise import (
    PREAMBLE,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Part,
    Prove,
)
from actgrad.exercises._imports import ALLOWED, rule
from actgrad.exercises.catalog import EXERCISES
from actgrad.exercises.course._assignment import Assignment, Explain
from actgrad.exercises.exports._cells import SHOWN_CASES, SHOWN_POINTS, literals, statement
from actgrad.exercises.exports._files import Cell, Files, cell, notebook

_SETUP = "import numpy as np"
# What an answer in words may have: so many surely fit into what is read of it.
WORDS = 500


def handout(assignment: Assignment, student: str = "") -> Files:
    """Return the student's notebook, and the same as a Python file in cells.

    Parameters
    ----------
    assignment : Assignment
    student : str
        Whose constants stand in it, where exercises have some that vary.

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
    calls = [check_call(assignment, exercise, student) for exercise in assignment.exercises]
    calls.append(progress_call(assignment))
    used = sorted({call.partition("(")[0] for call in calls if call})
    imports = f"\n\nfrom actgrad.exercises import {', '.join(used)}" if used else ""
    cells.append(cell("code", f"{_SETUP}{imports}"))
    for exercise in assignment.exercises:
        cells += _exercise(assignment, exercise.of(student), student)
    for item in assignment.explain:
        cells += _explain(assignment, item)
    if calls[-1]:
        cells.append(cell("markdown", "## What is right, and what comes next"))
        cells.append(cell("code", calls[-1]))
    name = assignment.name
    return {f"{name}.ipynb": notebook(cells), f"{name}.py": percent(cells)}


def solutions(assignment: Assignment) -> Files:
    """Return the instructor's notebook: each exercise with its solution, and what is known.

    Parameters
    ----------
    assignment : Assignment

    Returns
    -------
    mapping of str to bytes
        ``hw1-solutions.ipynb``. JupyterLab's File, Print makes a PDF of it.
    """
    cells = [cell("markdown", f"{head(assignment)}\n\n**Solutions: for instructors alone.**")]
    cells.append(cell("code", _SETUP))
    for exercise in assignment.exercises:
        text, _, *_ = _exercise(assignment, exercise, "")
        answer = exercise.submission(exercise.solution).replace(PREAMBLE, "", 1)
        cells += [text, cell("code", answer.rstrip())]
        cells.append(cell("markdown", about_solution(exercise)))
    return {f"{assignment.name}-solutions.ipynb": notebook(cells)}


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


def _exercise(assignment: Assignment, exercise: Exercise, student: str) -> list[Cell]:
    worth = plural(assignment.worth(exercise), "point")
    weight = assignment.weight(exercise.id)
    if weight != 1:
        worth += f" ({exercise.points}, weighted by {number(weight)})"
    facts = f"*{exercise.kind}, {exercise.level}, about {exercise.minutes} min, {worth}.* "
    text = statement(exercise).replace(
        f"## {exercise.title}\n", f"## {exercise.title}\n\n{facts}{rule(assignment.allow)}\n", 1
    )
    starter = exercise.starter_text.replace(PREAMBLE, "", 1).rstrip()
    cells = [cell("markdown", text.rstrip()), cell("code", starter)]
    call = check_call(assignment, exercise, student)
    return [*cells, cell("code", call)] if call else cells


def _explain(assignment: Assignment, item: Explain) -> list[Cell]:
    rows = "\n".join(
        f"- {what}: {plural(points * assignment.weight(item.id), 'point')}"
        for what, points in item.rubric
    )
    facts = (
        f"*explain, {plural(assignment.worth(item), 'point')}, read by your instructor, at "
        f"most {WORDS} words.*"
    )
    blocks = ["## In your own words", facts, item.question, "Points are for:", rows]
    answer = f'{item.name} = """\n\n"""  # your words, between the quotes'
    return [cell("markdown", "\n\n".join(blocks)), cell("code", answer)]


def check_call(assignment: Assignment, exercise: Exercise, student: str = "") -> str:
    """Return the code that checks an answer under the assignment's rules, or nothing.

    The book's exercises are checked by `check`. One's own are compared with numbers, so that
    no solution goes to students; for a number to predict there is no such check.
    """
    if exercise.id not in assignment.visible_checks:
        return ""
    allow = [name for name in assignment.allow if name not in ALLOWED]
    more = f", allow={allow}".replace("'", '"') if allow else ""
    if exercise.id in EXERCISES:
        more += f', student="{student}"' if exercise.variant and student else ""
        return f'check("{exercise.id}", {exercise.name}{more})'
    # Neither numbers for a number, nor numbers for lines.
    number = isinstance(exercise, ExpressionExercise) and not exercise.letters
    if number or isinstance(exercise, Prove):
        return ""
    cases = "".join(f"        {case},\n" for case in _cases(exercise))
    cases = re.sub(r"\b(array|inf|nan)\b", r"np.\1", cases)
    return (
        f'check_numbers(\n    "{exercise.id}",\n    {exercise.name},\n    [\n{cases}    ],\n'
        f"    {_tolerances(exercise)}{more},\n)"
    )


def progress_call(assignment: Assignment) -> str:
    """Return the code that tells how far one is, or nothing where `check` does not know all."""
    ids = [exercise.id for exercise in assignment.exercises]
    if not assignment.visible_checks.intersection(EXERCISES).issuperset(ids):
        return ""
    return "progress(\n{}\n)".format("\n".join(f'    "{id}",' for id in ids))


def _cases(exercise: Exercise) -> Iterator[str]:
    rng = np.random.default_rng(exercise.seed("visible"))
    if isinstance(exercise, FunctionExercise):
        for part in exercise.parts:
            for arguments in part.draw(rng)[:SHOWN_CASES]:
                low, high = exercise.expected(arguments)
                sides = [low] if same(low, high, 0.0, 0.0) else [low, high]
                yield f"({', '.join(literals(side) for side in (arguments, *sides))})"
    elif isinstance(exercise, ExpressionExercise):
        points = exercise.points_at(rng, SHOWN_POINTS)
        values = exercise.values(exercise.solution, points)
        for index, value in enumerate(values):
            at = {name: float(points[name][index]) for name in exercise.letters}
            yield f"({at!r}, {float(value)!r})"


def _tolerances(exercise: Exercise) -> str:
    parts = exercise.parts if isinstance(exercise, FunctionExercise) else (exercise,)
    assert all(isinstance(part, Part | ExpressionExercise) for part in parts)
    # The loosest of the parts: what passes in the grade must pass here.
    loosest = {name: max(getattr(part, name) for part in parts) for name in ("rtol", "atol")}
    return ", ".join(f"{name}={value!r}" for name, value in loosest.items())


def percent(cells: list[Cell]) -> bytes:
    """Return cells as a Python file, in the percent form that editors and Jupytext read."""
    blocks = []
    for item in cells:
        source = item["source"]
        if item["cell_type"] == "markdown":
            blocks.append("# %% [markdown]\n" + textwrap.indent(source, "# ", lambda _: True))
        elif source.startswith(("check(", "check_numbers(", "progress(")):
            blocks.append(f"# %%\nprint({source})")
        else:
            lines = source.splitlines()
            blocks.append(
                "# %%\n" + "\n".join("# " * line.startswith("%") + line for line in lines)
            )
    text = "\n\n".join(blocks) + "\n"
    return "\n".join(line.rstrip() for line in text.split("\n")).encode()
