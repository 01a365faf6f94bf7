"""Lines are judged in a process of their own: a proof may take long, or much memory.

It is given the task and the text, and returns a verdict; no code of the submission runs in it,
and nothing of the submission's process is believed.
"""

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import actgrad
from actgrad.exercises._judge import NoValues
from actgrad.exercises.grading._sandbox import Limits

# Loading SymPy is no work of the submission's.
LOADING = 10.0
_HOME = str(pathlib.Path(actgrad.__file__).parents[1])
_COMMAND = "from actgrad.derivations._whole import main; main()"


def prover(limits: Limits) -> Callable[[dict[str, Any], str], Mapping[str, Any]]:
    """Return what judges a text within the limits.

    Parameters
    ----------
    limits : Limits

    Returns
    -------
    callable
        ``prove(task, text)``; raises `NoValues` where no verdict comes back in time, and
        `ValueError` where the text is no derivation.
    """

    def prove(task: dict[str, Any], text: str) -> Mapping[str, Any]:
        bounds = {"memory": limits.memory, "cpu": limits.cpu}
        given = json.dumps({"task": task, "text": text, **bounds})
        # Nothing is imported from the folder in which the grader was started.
        command = [sys.executable, "-P", "-c", _COMMAND]
        found = [_HOME, *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            done = subprocess.run(
                command,
                input=given.encode(),
                capture_output=True,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(found)},
                timeout=LOADING + limits.cpu,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NoValues("time limit", "the lines take too long to prove") from None
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            kind, _, reason = last.partition(": ")
            if kind == "ValueError":
                raise ValueError(reason)
            raise NoValues("crashed", "the lines take too much memory, or too long, to prove")
        verdict: Mapping[str, Any] = json.loads(done.stdout)
        return verdict

    return prove
