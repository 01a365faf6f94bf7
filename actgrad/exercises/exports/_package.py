"""The grader of this package, packed for a container: code, exercises, rules and the secret."""

import pathlib
from collections.abc import Sequence

import actgrad
from actgrad.exercises._exercise import Exercise, Prove
from actgrad.exercises._imports import ALLOWED
from actgrad.exercises.exports._files import Files

# The parts of the package that grade; what answers may import lies there too.
PARTS = ("atlas", "activations", "exercises")
# What proves the lines of a derivation, where an exercise asks for one.
PROVER = ("derivations",)
# What the grader needs, and what an assignment may allow besides.
REQUIREMENTS = {
    "numpy": "numpy>=2.0",
    "lazy-loader": "lazy-loader>=0.4",
    "scipy": "scipy>=1.15",
    "sympy": "sympy>=1.13.3",
}


def proofs_in(exercises: Sequence[Exercise]) -> bool:
    """Tell whether an exercise asks for a derivation, whose lines SymPy proves."""
    return any(isinstance(exercise, Prove) for exercise in exercises)


def requirements(allow: Sequence[str], exercises: Sequence[Exercise] = ()) -> list[str]:
    """Return what pip must install where answers are graded.

    Examples
    --------
    >>> requirements(["scipy", "actgrad.activations"])
    ['numpy>=2.0', 'lazy-loader>=0.4', 'scipy>=1.15']
    """
    names = [*ALLOWED, "lazy-loader", *(name for name in allow if name in REQUIREMENTS)]
    names += ["sympy"] * proofs_in(exercises)
    return [REQUIREMENTS[name] for name in dict.fromkeys(names)]


def modules(exercises: Sequence[Exercise] = ()) -> Files:
    """Return the sources of the parts that grade these exercises."""
    home = pathlib.Path(actgrad.__file__).parent
    parts = (*PARTS, *PROVER) if proofs_in(exercises) else PARTS
    paths = [path for part in parts for path in (home / part).rglob("*.py")]
    return {
        path.relative_to(home.parent).as_posix(): path.read_bytes()
        for path in [home / "__init__.py", home / "_extras.py", *sorted(paths)]
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
