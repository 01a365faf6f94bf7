"""The entry point inside Gradescope's container: grade one submission, write results.json."""

import json
import pathlib
import sys

from actgrad.exercises.catalog import EXERCISES
from actgrad.exercises.grading import _feedback, _submission
from actgrad.exercises.grading._inputs import read_secret
from actgrad.exercises.grading._judge import faults_in, grade_submission
from actgrad.exercises.grading._sandbox import Limits, SandboxError, choose


def main(root: pathlib.Path) -> int:
    """Grade ``root/submission`` and write ``root/results/results.json``; return the status."""
    source, limits = root / "source", Limits()
    lines = (source / "exercises.txt").read_text(encoding="utf-8").splitlines()
    exercises = [EXERCISES[line] for line in lines if line and not line.startswith("#")]
    results = root / "results" / "results.json"
    results.parent.mkdir(exist_ok=True)
    try:
        with choose("auto", limits, [str(source)]) as walls:
            submission = _submission.read(root / "submission", limits.upload)
            named = _submission.Submission(
                _student(root), submission.files, submission.problems
            )
            secret = read_secret(source / "secret.txt")
            faulty = faults_in(exercises, secret, walls, limits)
            graded = grade_submission(named, exercises, secret, walls, limits, faulty)
    except SandboxError as error:
        # Without `score` Gradescope reports a failed autograder instead of a zero.
        results.write_text(json.dumps({"output": f"The autograder cannot run: {error}"}))
        return 1
    results.write_text(_feedback.gradescope_text(graded), encoding="utf-8")
    faults = [*(f"{id}: {why}" for id, why in faulty.items()), *graded.faults]
    for fault in faults:
        print(f"GRADER ERROR: {fault}", file=sys.stderr)
    return int(bool(faults))


def _student(root: pathlib.Path) -> str:
    try:
        metadata = json.loads((root / "submission_metadata.json").read_bytes())
        return ",".join(sorted(str(user["id"]) for user in metadata["users"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
