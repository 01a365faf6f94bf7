"""An autograder for Gradescope: this package's own grader, in the form of its zip file."""

import pathlib
from collections.abc import Sequence

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.exports._files import Files
from actgrad.exercises.exports._package import modules, orders, requirements

# Debian's and Ubuntu's names: Gradescope's images are made of Ubuntu.
_SETUP = """\
#!/usr/bin/env bash
set -euo pipefail
apt-get update
apt-get install -y --no-install-recommends bubblewrap python3.11 python3.11-venv
python3.11 -m venv /autograder/venv
/autograder/venv/bin/pip install {requirements}
"""
_RUN = """\
#!/usr/bin/env bash
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
python="${AUTOGRADER_PYTHON:-$root/venv/bin/python}"
cd "$root/source"
chmod -R go-rwx .
exec "$python" -m actgrad.exercises.grading._gradescope "$root"
"""


def gradescope(
    exercises: Sequence[Exercise],
    name: str,
    seed: str,
    allow: Sequence[str] = (),
    catalogue: pathlib.Path | None = None,
) -> Files:
    """Return the files of the autograder's zip.

    Parameters
    ----------
    exercises : sequence of Exercise
    name : str
        The assignment's name, kept in ``exercises.txt``.
    seed : str
        The secret, at least 16 bytes: each student's inputs are drawn from it.
    allow : sequence of str
        What answers may import besides NumPy.
    catalogue : Path, optional
        A file of exercises of one's own.

    Returns
    -------
    mapping of str to bytes
        Instructors' material: the secret and the solutions are in it.
    """
    quoted = " ".join(f"'{item}'" for item in requirements(allow, exercises))
    return {
        "setup.sh": _SETUP.format(requirements=quoted).encode(),
        "run_autograder": _RUN.encode(),
        **orders(exercises, name, seed, allow, catalogue),
        **modules(exercises),
    }
