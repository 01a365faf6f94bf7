"""What a student gets back: Markdown, and ``results.json`` in Gradescope's form.

Neither holds an expected value, an input, or a word about another student.
"""

import json
from typing import Any

from actgrad.exercises._imports import rule
from actgrad.exercises.grading._judge import Graded, Row, quoted

_SAID = {
    "not attempted": "It is missing, or still the starter.",
    "not loaded": "There is nothing that could be run.",
    "unreadable": "The text that holds this answer is not Python, or a file that may hold it "
    "is no notebook.",
    "misnamed": "No answer has its name.",
    "grader error": "The grader failed here, not you: your instructor is told.",
    "crashed": "The process ended before the answer came back.",
    "time limit": "It was stopped at the time limit. Is there a loop that does not end?",
}


def markdown(graded: Graded) -> str:
    """Return the feedback to one student as Markdown."""
    known = Graded(graded.student, tuple(row for row in graded.rows if row.is_graded))
    lines = [
        f"# Feedback: {known.points} of {known.max_points} points",
        "",
        "Weights and lateness are not counted here.",
        "",
    ]
    if len(known.rows) < len(graded.rows):
        lines += [f"Not graded, and not in this sum: {len(graded.rows) - len(known.rows)}.", ""]
    for row in graded.rows:
        lines += [
            f"## {row.title} (`{row.exercise}`)",
            "",
            row_text(row),
            "",
        ]
    if graded.problems or graded.notes:
        lines += ["## While your files were read", "", _remarks(graded), ""]
        lines += ["A statement that fails here is left out; what stands below it still runs."]
        lines += [rule(graded.allow)]
    return "\n".join(lines).rstrip() + "\n"


def _remarks(graded: Graded) -> str:
    remarks = dict.fromkeys([*graded.problems, *graded.notes])
    return "\n".join(f"- {quoted(remark)}" for remark in remarks)


def row_text(row: Row) -> str:
    """Return the feedback on one exercise."""
    lines = [f"{row.points} of {row.max_points} points: **{row.status}**."]
    if not row.is_graded:
        lines = [f"Not graded: **{row.status}**."]
    if row.status in _SAID:
        lines.append(_SAID[row.status])
    for part in row.parts:
        reason = f": {part.reason}" if part.reason else ""
        lines.append(f"- {part.name}: {part.points} of {part.max_points}{reason}")
    if row.advice:
        lines.append(row.advice)
    return "\n\n".join(lines).replace("\n\n- ", "\n- ")


def gradescope(graded: Graded) -> dict[str, Any]:
    """Return the feedback as the object that Gradescope reads from ``results.json``.

    Without a score Gradescope reports a failed autograder instead of a zero.
    """
    failed = not all(row.is_graded for row in graded.rows)
    return ({} if failed else {"score": graded.points}) | {
        "output": _remarks(graded),
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": f"{row.title} ({row.exercise})",
                "score": row.points,
                "max_score": row.max_points,
                "status": "passed" if row.points == row.max_points else "failed",
                "output": row_text(row),
                "output_format": "md",
            }
            for row in graded.rows
        ],
    }


def gradescope_text(graded: Graded) -> str:
    """Return ``results.json`` as text."""
    return json.dumps(gradescope(graded), indent=1) + "\n"
