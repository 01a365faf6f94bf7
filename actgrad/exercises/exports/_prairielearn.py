"""Questions for PrairieLearn, graded by this package's own grader in a container of its own.

The forms are PrairieLearn's: ``info.json`` as its schema of questions says
(``apps/prairielearn/src/schemas``), the elements and the folders of the external grader as its
documentation says (``docs/externalGrading.md``).
"""

import hashlib
import html
import json
import pathlib
import uuid
from collections.abc import Sequence
from typing import Any

from actgrad.exercises._exercise import Exercise, FunctionExercise
from actgrad.exercises._imports import rule
from actgrad.exercises.exports._files import Files
from actgrad.exercises.exports._package import modules, orders, requirements

ANSWERS = "answers.py"
SECONDS = 90
_DOCKERFILE = """\
FROM python:3.11-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends bubblewrap \\
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir {requirements}
COPY actgrad /opt/grader/actgrad
ENV PYTHONPATH=/opt/grader
RUN chmod -R go-rwx /opt/grader
"""
_ENTRYPOINT = "/usr/local/bin/python3 -m actgrad.exercises.grading._prairielearn /grade"
# Mustache would read the braces of LaTeX: other marks are set first, and never used.
_QUESTION = """\
{{{{=<% %>=}}}}
<pl-question-panel>
<markdown>
{statement}

{rule}
</markdown>
<pl-external-grader-variables params-name="names_from_user"></pl-external-grader-variables>
<pl-hidden-hints>
{hints}
</pl-hidden-hints>
</pl-question-panel>

<pl-file-editor
  file-name="{answers}"
  ace-mode="ace/mode/python"
  source-file-name="starter.py"
></pl-file-editor>

<pl-submission-panel>
<pl-external-grader-results></pl-external-grader-results>
<pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""
_SERVER = '''\
"""Says what is asked for; the grader draws its inputs from the secret and the variant."""


def generate(data):
    data["params"]["names_from_user"] = [
        {variable!r}
    ]
'''


def prairielearn(
    exercises: Sequence[Exercise],
    name: str,
    seed: str,
    allow: Sequence[str] = (),
    catalogue: pathlib.Path | None = None,
    image: str = "actgrad:latest",
) -> Files:
    """Return a set of questions for a PrairieLearn course, and the grader's container.

    Parameters
    ----------
    exercises : sequence of Exercise
    name : str
        The assignment's name: the folder of its questions.
    seed : str
        The secret, at least 16 bytes: each variant's inputs are drawn from it.
    allow : sequence of str
        What answers may import besides NumPy.
    catalogue : Path, optional
        A file of exercises of one's own.
    image : str
        Where the container is published, as ``docker pull`` takes it.

    Returns
    -------
    mapping of str to bytes
        Instructors' material: the secret and the solutions are in it.
    """
    files: dict[str, bytes] = {}
    for exercise in exercises:
        folder = f"questions/{name}/{exercise.id}"
        order = orders([exercise], name, seed, allow, catalogue)
        files |= {
            f"{folder}/info.json": _json(_info(exercise, name, image)),
            f"{folder}/question.html": _question(exercise, allow).encode(),
            f"{folder}/server.py": _SERVER.format(variable=_variable(exercise)).encode(),
            f"{folder}/starter.py": exercise.starter_text.encode(),
            **{f"{folder}/tests/{file}": data for file, data in order.items()},
        }
    quoted = " ".join(f"'{item}'" for item in requirements(allow, exercises))
    files[f"grader/{name}/Dockerfile"] = _DOCKERFILE.format(requirements=quoted).encode()
    return files | {f"grader/{name}/{path}": data for path, data in modules(exercises).items()}


def _info(exercise: Exercise, name: str, image: str) -> dict[str, Any]:
    digest = hashlib.sha256(f"{name}\0{exercise.id}".encode()).digest()
    return {
        "uuid": str(uuid.UUID(bytes=digest[:16], version=4)),
        "type": "v3",
        "title": exercise.title,
        "topic": exercise.chapter,
        "tags": [exercise.kind, exercise.level],
        "gradingMethod": "External",
        "partialCredit": True,
        "showCorrectAnswer": False,
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": _ENTRYPOINT,
            "timeout": SECONDS,
        },
    }


def _question(exercise: Exercise, allow: Sequence[str]) -> str:
    hints = "\n".join(
        f'<pl-hint show-after-submission="{number}">\n<markdown>\n{_text(text)}\n'
        "</markdown>\n</pl-hint>"
        for number, text in enumerate(exercise.hints, 1)
    )
    return _QUESTION.format(
        statement=_text(exercise.statement), rule=rule(allow), hints=hints, answers=ANSWERS
    )


def _text(text: str) -> str:
    return html.escape(text.strip(), quote=False)


def _variable(exercise: Exercise) -> dict[str, str]:
    kind = "function" if isinstance(exercise, FunctionExercise) else "text or number"
    name = exercise.signature if isinstance(exercise, FunctionExercise) else exercise.name
    return {"name": name, "description": exercise.title, "type": kind}


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
