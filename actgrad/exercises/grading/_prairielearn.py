"""The entry point inside PrairieLearn's container: grade one submission, write results.json."""

import json
import pathlib
import sys
from typing import Any

from actgrad.exercises.grading._container import grade_one
from actgrad.exercises.grading._feedback import row_text
from actgrad.exercises.grading._judge import Graded
from actgrad.exercises.grading._sandbox import SandboxError

# What is no answer costs no attempt.
UNGRADABLE = ("not attempted", "not loaded", "unreadable", "misnamed")


def main(root: pathlib.Path) -> int:
    """Grade ``root/student`` and write ``root/results/results.json``; return the status.

    Where the grader itself fails there are no results: PrairieLearn then reports a failed
    grading job, and no zero.
    """
    try:
        outcome = grade_one(root / "tests", root / "student", f"variant {_variant(root)}")
    except SandboxError as error:
        print(f"GRADER ERROR: {error}", file=sys.stderr)
        return 1
    for fault in outcome.faults:
        print(f"GRADER ERROR: {fault}", file=sys.stderr)
    if outcome.faults:
        return 1
    results = root / "results" / "results.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(form(outcome.graded), indent=1), encoding="utf-8")
    return 0


def form(graded: Graded) -> dict[str, Any]:
    """Return the results in PrairieLearn's form: a score from 0 to 1, and a test a part."""
    texts = [row_text(row) for row in graded.rows]
    if all(row.status in UNGRADABLE for row in graded.rows):
        return {"gradable": False, "format_errors": texts}
    tests = [
        {
            "name": part.name,
            "points": part.points,
            "max_points": part.max_points,
            "message": part.reason,
        }
        for row in graded.rows
        for part in row.parts
    ]
    return {
        "gradable": True,
        "score": graded.points / graded.max_points,
        "message": "\n\n".join(texts),
        "tests": tests,
    }


def _variant(root: pathlib.Path) -> str:
    try:
        return str(json.loads((root / "data" / "data.json").read_bytes())["variant_seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
