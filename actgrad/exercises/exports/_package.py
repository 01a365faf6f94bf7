"""The grader of this package, packed for a container: code, exercises, rules and the secret."""

import pathlib
from collections.abc import Sequence

import actgrad
from actgrad.exercises._exercise import Exercise
from actgrad.exercises._imports import ALLOWED
from actgrad.exercises.exports._files import Files

# The parts of the package that grade; what answers may import lies there too.
PARTS = ("atlas", "activations", "exercises")
# What the grader needs, and what an assignment may allow besides.
REQUIREMENTS = {
    "numpy": "numpy>=2.1",
    "lazy-loader": "lazy-loader>=0.4",
    "scipy": "scipy>=1.15",
    "sympy": "sympy>=1.13.3",
}


def requirements(allow: Sequence[str]) -> list[str]:
    """Return what pip must install where answers are graded.

    Examples
    --------
    >>> requirements(["scipy", "actgrad.activations"])
    ['numpy>=2.1', 'lazy-loader>=0.4', 'scipy>=1.15']
    """
    names = [*ALLOWED, "lazy-loader", *(name for name in allow if name in REQUIREMENTS)]
    return [REQUIREMENTS[name] for name in names]


def modules() -> Files:
    """Return the sources of the parts that grade."""
    home = pathlib.Path(actgrad.__file__).parent
    paths = [path for part in PARTS for path in (home / part).rglob("*.py")]
    return {
        path.relative_to(home.parent).as_posix(): path.read_bytes()
        for path in [home / "__init__.py", *sorted(paths)]
    }


def orders(
    exercises: Sequence[Exercise],
    name: str,
    seed: str,
    allow: Sequence[str] = (),
    catalogue: pathlib.Path | None = None,
) -> Files:
    """Return what the container's grader reads: what to grade, how, and with which secret."""
    ids = "".join(f"{exercise.id}\n" for exercise in exercises)
    files = {
        "exercises.txt": f"# {name}\n{ids}".encode(),
        "allow.txt": "".join(f"{word}\n" for word in allow).encode(),
        "secret.txt": f"{seed}\n".encode(),
    }
    return files | ({"catalogue.py": catalogue.read_bytes()} if catalogue else {})
