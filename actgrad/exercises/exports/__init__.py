"""Exports to the graders that schools use, the same bytes from the same input every time.

Each export is a mapping of file names to bytes, made by a pure function; `write` puts it into a
folder and `archive` into a zip file.
"""

from actgrad.exercises.exports._files import archive, differing, write
from actgrad.exercises.exports._gradescope import gradescope
from actgrad.exercises.exports._nbgrader import nbgrader
from actgrad.exercises.exports._otter import otter

EXPORTS = {"nbgrader": nbgrader, "otter": otter, "gradescope": gradescope}

__all__ = ["EXPORTS", "archive", "differing", "gradescope", "nbgrader", "otter", "write"]
