"""What the graders in containers share: read the orders, grade one submission."""

import pathlib
from dataclasses import dataclass

from actgrad.exercises.catalog import Catalogue
from actgrad.exercises.grading import _submission
from actgrad.exercises.grading._inputs import read_secret
from actgrad.exercises.grading._judge import Graded, faults_in, grade_submission
from actgrad.exercises.grading._sandbox import Limits, choose


@dataclass(frozen=True)
class Outcome:
    """A graded submission, and the faults of the grader itself."""

    graded: Graded
    faults: tuple[str, ...]


def grade_one(orders: pathlib.Path, submission: pathlib.Path, student: str) -> Outcome:
    """Grade one submission as the files in ``orders`` say.

    Raises
    ------
    SandboxError
        Where no walls work.
    """
    limits = Limits()
    own = orders / "catalogue.py"
    known = Catalogue.with_own(own if own.exists() else None)
    exercises = [known.exercises[line] for line in _lines(orders / "exercises.txt")]
    allow = _lines(orders / "allow.txt") if (orders / "allow.txt").exists() else []
    with choose("auto", limits, [str(orders)], allow) as walls:
        read = _submission.read(submission, limits.upload)
        named = _submission.Submission(student, read.files, read.problems)
        secret = read_secret(orders / "secret.txt")
        faulty = faults_in(exercises, secret, walls, limits)
        graded = grade_submission(named, exercises, secret, walls, limits, faulty)
    return Outcome(graded, (*(f"{id}: {why}" for id, why in faulty.items()), *graded.faults))


def _lines(path: pathlib.Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
