"""Exports to the graders that schools use, the same bytes from the same input every time.

Each export is a mapping of file names to bytes, made by a pure function; `write` puts it into a
folder and `archive` into a zip file.
"""

from actgrad.exercises.exports._files import archive, differing, write
from actgrad.exercises.exports._gradescope import gradescope
from actgrad.exercises.exports._nbgrader import nbgrader
from actgrad.exercises.exports._otter import otter
from actgrad.exercises.exports._prairielearn import prairielearn

# Notebooks with tests in them; in the other exports this package's own grader runs.
NOTEBOOKS = {"nbgrader": nbgrader, "otter": otter}
EXPORTS = ("gradescope", "nbgrader", "otter", "prairielearn")

__all__ = [
    "EXPORTS",
    "NOTEBOOKS",
    "archive",
    "differing",
    "gradescope",
    "nbgrader",
    "otter",
    "prairielearn",
    "write",
]
