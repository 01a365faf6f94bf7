"""The entry point inside Gradescope's container: grade one submission, write results.json."""

import json
import pathlib
import sys

from actgrad.exercises.grading import _feedback
from actgrad.exercises.grading._container import grade_one
from actgrad.exercises.grading._sandbox import SandboxError


def main(root: pathlib.Path) -> int:
    """Grade ``root/submission`` and write ``root/results/results.json``; return the status."""
    results = root / "results" / "results.json"
    results.parent.mkdir(exist_ok=True)
    try:
        outcome = grade_one(root / "source", root / "submission", _student(root))
    except SandboxError as error:
        # Without `score` Gradescope reports a failed autograder instead of a zero.
        results.write_text(json.dumps({"output": f"The autograder cannot run: {error}"}))
        return 1
    results.write_text(_feedback.gradescope_text(outcome.graded), encoding="utf-8")
    for fault in outcome.faults:
        print(f"GRADER ERROR: {fault}", file=sys.stderr)
    return int(bool(outcome.faults))


def _student(root: pathlib.Path) -> str:
    try:
        metadata = json.loads((root / "submission_metadata.json").read_bytes())
        return ",".join(sorted(str(user["id"]) for user in metadata["users"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
