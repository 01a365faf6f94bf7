"""An autograder for Gradescope: this package's own grader, in the form of its zip file."""

import pathlib
from collections.abc import Sequence

import actgrad
from actgrad.exercises._exercise import Exercise
from actgrad.exercises.exports._files import Files

# Debian's and Ubuntu's names: Gradescope's images are made of Ubuntu.
_SETUP = """\
#!/usr/bin/env bash
set -euo pipefail
apt-get update
apt-get install -y --no-install-recommends bubblewrap python3.11 python3.11-venv
python3.11 -m venv /autograder/venv
/autograder/venv/bin/pip install 'numpy>=2.1' 'lazy-loader>=0.4'
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


def gradescope(exercises: Sequence[Exercise], name: str, seed: str) -> Files:
    """Return the files of the autograder's zip.

    Parameters
    ----------
    exercises : sequence of Exercise
    name : str
        The assignment's name, kept in ``exercises.txt``.
    seed : str
        The secret, at least 16 bytes: each student's inputs are drawn from it.

    Returns
    -------
    mapping of str to bytes
        Instructors' material: the secret and the solutions are in it.
    """
    ids = "".join(f"{exercise.id}\n" for exercise in exercises)
    files = {
        "setup.sh": _SETUP.encode(),
        "run_autograder": _RUN.encode(),
        "exercises.txt": f"# {name}\n{ids}".encode(),
        "secret.txt": f"{seed}\n".encode(),
    }
    home = pathlib.Path(actgrad.__file__).parent
    modules = [path for part in ("atlas", "exercises") for path in (home / part).rglob("*.py")]
    for path in [home / "__init__.py", *sorted(modules)]:
        files[path.relative_to(home.parent).as_posix()] = path.read_bytes()
    return files
