"""What must hold for an exercise, whoever wrote it: the book's tests run this too."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

import numpy as np

from actgrad.exercises._exercise import Exercise, FunctionExercise, Level
from actgrad.exercises._practice import check_answer

# Students whose constants are tried, where they vary.
STUDENTS = tuple(f"student {number}" for number in range(8))


def data_is_complete(exercise: Exercise) -> Iterator[str]:
    """Look for names, numbers and texts: all are there, in the form that is agreed."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", exercise.id):
        yield f"the id {exercise.id!r} is not of the form two-words or three-more-words"
    if len(exercise.mistakes) < 3:
        yield f"{len(exercise.mistakes)} known mistakes; three are the least"
    for what in ("id", "says"):
        values = [getattr(mistake, what) for mistake in exercise.mistakes]
        if len(set(values)) < len(values):
            yield f"two mistakes have the same `{what}`"
    if len(exercise.hints) < 2:
        yield f"{len(exercise.hints)} hints; two are the least"
    if not exercise.alternatives:
        yield "there is no alternative: write the solution in a second form"
    if exercise.points < 1:
        yield "it is worth no point"
    if exercise.level not in get_args(Level):
        yield f"the level {exercise.level!r} is none of {', '.join(get_args(Level))}"
    if not 1 <= exercise.minutes <= 60:
        yield f"{exercise.minutes} minutes are not between 1 and 60"
    if exercise.statement.count("$") % 2:
        yield "a dollar sign in the statement has no partner"
    for text in (exercise.starter_text, exercise.submission(exercise.solution)):
        ast.parse(text)


def starter_is_not_attempted(exercise: Exercise) -> Iterator[str]:
    """Tell what students start from from an answer."""
    space: dict[str, Any] = {}
    exec(exercise.starter_text, space)
    verdict = check_answer(exercise, space[exercise.name])
    if verdict.status != "not attempted":
        yield f"the starter is called {verdict.status}: {verdict.message}"


def right_answers_are_right(exercise: Exercise) -> Iterator[str]:
    """Judge the solution and each alternative: they are right."""
    for answer in (exercise.solution, *exercise.alternatives):
        verdict = check_answer(exercise, handed_in(exercise, answer))
        if verdict.status != "right":
            yield f"`{answer.strip()}` is called {verdict.status}: {verdict.message}"


def mistakes_have_their_messages(exercise: Exercise) -> Iterator[str]:
    """Judge each known mistake: it is wrong, and told from all others by its values."""
    for mistake in exercise.mistakes:
        verdict = check_answer(exercise, handed_in(exercise, mistake.wrong))
        if verdict.status != "wrong":
            yield f"the mistake {mistake.id} is called {verdict.status}"
        elif verdict.mistake != mistake.id:
            yield f"the mistake {mistake.id} is taken for {verdict.mistake or 'an unknown one'}"
        elif mistake.says not in verdict.message:
            yield f"the mistake {mistake.id} does not get its message"


def inputs_depend_on_the_seed(exercise: Exercise) -> Iterator[str]:
    """Draw inputs: they depend on the generator, and on nothing else."""
    if not isinstance(exercise, FunctionExercise):
        return

    def flat(seed: int) -> list[Any]:
        rng = np.random.default_rng(seed)
        cases = [case for part in exercise.parts for case in part.draw(rng)]
        return [np.asarray(value) for case in cases for value in case]

    def alike(one: list[Any], two: list[Any]) -> bool:
        pairs = zip(one, two, strict=True)
        return all(np.array_equal(left, right, equal_nan=True) for left, right in pairs)

    if not alike(flat(1), flat(1)):
        yield "one seed gives two sets of inputs: draw from `rng` alone"
    if alike(flat(1), flat(2)):
        yield "every seed gives the same inputs: draw some from `rng`"


def shapes_are_told_apart(exercise: Exercise) -> Iterator[str]:
    """Return a result of a wrong shape: it is called one."""
    if not isinstance(exercise, FunctionExercise):
        return
    verdict = check_answer(exercise, lambda *arguments: np.zeros((7, 5, 3, 2)))
    if verdict.status != "wrong" or not re.search("shape|results", verdict.message):
        yield f"a result of a wrong shape is called {verdict.status}: {verdict.message}"


def texts_keep_the_solution(exercise: Exercise) -> Iterator[str]:
    """Read what students read: no text holds the solution."""
    squeezed = re.sub(r"\s", "", exercise.solution)
    said = [exercise.statement, exercise.starter_text, exercise.title, *exercise.hints]
    said += [mistake.says for mistake in exercise.mistakes]
    for text in said:
        # A number may occur by chance in other numbers; as an answer it may not.
        if re.fullmatch(r"[\d.]+", squeezed):
            alone = rf"(?<![\d.]){re.escape(squeezed)}(?![\d.])"
            held = re.search(alone, text) is not None
        else:
            held = squeezed in re.sub(r"\s", "", text)
        if held:
            yield f"the solution stands in a text for students: {text.strip()[:60]!r}"


CHECKS: tuple[Callable[[Exercise], Iterator[str]], ...] = (
    data_is_complete,
    starter_is_not_attempted,
    right_answers_are_right,
    mistakes_have_their_messages,
    inputs_depend_on_the_seed,
    shapes_are_told_apart,
    texts_keep_the_solution,
)


def handed_in(exercise: Exercise, text: str) -> Any:
    """Run the text as a student's file and take the answer from it."""
    space: dict[str, Any] = {}
    exec(exercise.submission(text), space)
    return space[exercise.name]


def faults(exercise: Exercise) -> list[str]:
    """Return what is wrong with an exercise and, where its constants vary, with variants.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    list of str
        Empty for an exercise that can be assigned.
    """
    found = [fault for check in CHECKS for fault in _tried(check, exercise)]
    if exercise.variant is None:
        return found
    statements = set()
    for student in STUDENTS:
        try:
            made = exercise.of(student)
        except Exception as error:
            return [*found, f"its variant for {student!r}: {type(error).__name__}: {error}"]
        statements.add(made.statement)
        found += [
            f"for {student!r}: {fault}" for check in CHECKS for fault in _tried(check, made)
        ]
    if len(statements) == 1:
        found.append("its constants are said to vary, and every statement is the same")
    return found


def _tried(check: Callable[[Exercise], Iterator[str]], exercise: Exercise) -> list[str]:
    found: list[str] = []
    try:
        found.extend(check(exercise))
    except Exception as error:
        what = check.__name__.replace("_", " ")
        found.append(f"{what}: it cannot be tried: {type(error).__name__}: {error}")
    return found
