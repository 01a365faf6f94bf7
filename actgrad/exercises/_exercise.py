"""An exercise is data: what is asked, what is right, and which mistakes are known.

Starter, solution, alternatives and known mistakes are *texts*, in the form in which a student
hands them in. So they go through the same door as a submission, and every export can print
them.
"""

import ast
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from actgrad.atlas import Node, read
from actgrad.exercises._values import float64

Array = NDArray[Any]
Arguments = tuple[Any, ...]
Level = Literal["warm-up", "core", "hard"]
Bounds = Callable[..., tuple[Any, Any]]
SIMPLE = (1.0, 2.0, 0.0, -1.0, 3.0, 0.5, -2.0, 0.25, 0.75, 4.0, 0.1, 10.0)
MOST_SIMPLE = 6

PREAMBLE = "import numpy as np\n\n\n"


@dataclass(frozen=True)
class Part:
    """A share of an implement exercise's points: inputs, all of which must come out right.

    Parameters
    ----------
    name : str
        What these inputs test, in words for the student.
    points : int
        Granted when every input of the part is right.
    draw : callable
        ``draw(rng)`` returns the argument tuples, smallest first.
    rtol, atol : float
        ``|got - expected| <= atol + rtol * |expected|``, element by element.
    """

    name: str
    points: int
    draw: Callable[[np.random.Generator], list[Arguments]]
    rtol: float = 1e-7
    atol: float = 1e-10


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that teachers meet again and again, and what to say to it.

    Parameters
    ----------
    id : str
        Unique within the exercise.
    says : str
        What is wrong and why, without the right answer in it.
    wrong : str
        The wrong answer: an expression, or the whole function where one line is not enough.
    """

    id: str
    says: str
    wrong: str


@dataclass(frozen=True, kw_only=True)
class Exercise(ABC):
    """What every exercise has: the abstract base of the four kinds.

    Parameters
    ----------
    id : str
        Words joined by hyphens. ``sigmoid-gradient`` is answered by ``sigmoid_gradient``.
    chapter : str
        The stem of its chapter.
    title, statement, learnt : str
        Markdown, with mathematics between dollar signs.
    level, minutes
        How hard it is and how long it takes.
    solution : str
        The reference answer, as a student would hand it in.
    alternatives : tuple of str
        Other right answers, in forms that students choose.
    hints : tuple of str
        From a nudge to a plan; none is the answer.
    mistakes : tuple of Mistake
        At least three, told apart by their values.
    variant : callable, optional
        ``variant(rng)`` returns the exercise with constants of one student's own; see
        `varied`.
    """

    kind: ClassVar[str]

    id: str
    chapter: str
    title: str
    level: Level
    minutes: int
    statement: str
    learnt: str
    solution: str
    alternatives: tuple[str, ...] = ()
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    variant: "Callable[[np.random.Generator], Exercise] | None" = field(
        default=None, compare=False, repr=False
    )

    @property
    def name(self) -> str:
        """The Python name of the answer."""
        return self.id.replace("-", "_")

    @property
    @abstractmethod
    def points(self) -> int:
        """Points for a complete answer."""

    @property
    @abstractmethod
    def starter_text(self) -> str:
        """What the student starts from, as Python source."""

    @abstractmethod
    def submission(self, answer: str) -> str:
        """Python source that hands in ``answer``: a solution, an alternative, a mistake."""

    @final
    def of(self, student: str) -> "Exercise":
        """Return the exercise as one student gets it: with constants of their own, if any.

        Practice, handout and grade all ask this, so all three have the same constants.

        Raises
        ------
        ValueError
            Where the variant is another exercise, or is worth other points.
        """
        if self.variant is None or not student:
            return self
        made = self.variant(np.random.default_rng(self.seed(f"student\0{student}")))
        if (made.id, made.kind, made.points) != (self.id, self.kind, self.points):
            raise ValueError(
                f"the variant of {self.id} for {student} is {made.id}, {made.kind}, with "
                f"{made.points} points: id, kind and points must not vary"
            )
        return replace(made, variant=self.variant)

    def seed(self, purpose: str) -> int:
        """Return a seed for ``purpose`` that depends on nothing but the exercise."""
        digest = hashlib.sha256(f"{self.id}\0{purpose}".encode()).digest()
        return int.from_bytes(digest[:8], "big")


@dataclass(frozen=True, kw_only=True)
class FunctionExercise(Exercise, ABC):
    """The answer is a function; it is judged by its values alone.

    Parameters
    ----------
    starter : str
        The function to complete or to repair.
    parts : tuple of Part
        What is tested, with its points.
    bounds : callable, optional
        ``bounds(*arguments)`` returns the lowest and the highest right value where there are
        several, as at a kink: the ends of the subdifferential.
    """

    starter: str
    parts: tuple[Part, ...]
    bounds: Bounds | None = None

    @property
    @final
    def points(self) -> int:
        """Points for a complete answer: those of the parts together."""
        return sum(part.points for part in self.parts)

    @property
    @final
    def starter_text(self) -> str:
        """The function to complete, as Python source."""
        return PREAMBLE + self.starter

    @final
    def submission(self, answer: str) -> str:
        """Python source that hands in ``answer``, a whole function or what it returns."""
        if "return" in answer:
            return PREAMBLE + answer
        return f"{PREAMBLE}def {self.signature}:\n    return {answer}\n"

    @property
    @final
    def signature(self) -> str:
        """The function's name and arguments, as in ``sigmoid_gradient(x)``."""
        for node in ast.parse(self.starter).body:
            if isinstance(node, ast.FunctionDef) and node.name == self.name:
                return f"{self.name}({ast.unparse(node.args)})"
        raise ValueError(f"the starter of {self.id} does not define {self.name}")

    @final
    def function(self, answer: str) -> Callable[..., Any]:
        """Return the function that ``answer``, a text of this catalogue, defines."""
        return _load(self.submission(answer), self.name)

    @final
    def expected(self, arguments: Arguments) -> tuple[Arguments, Arguments]:
        """Return the lowest and the highest right outputs, each a tuple of arrays."""
        with np.errstate(all="ignore"):
            if self.bounds is not None:
                low, high = self.bounds(*arguments)
            else:
                low = high = self.function(self.solution)(*arguments)
        as_tuple = low if isinstance(low, tuple) else (low,)
        return as_tuple, high if isinstance(high, tuple) else (high,)


@final
@dataclass(frozen=True, kw_only=True)
class Implement(FunctionExercise):
    """Write a function."""

    kind: ClassVar[str] = "implement"


@final
@dataclass(frozen=True, kw_only=True)
class FindTheBug(FunctionExercise):
    """Repair a function: its starter runs, and is wrong in a way the field knows well."""

    kind: ClassVar[str] = "find-the-bug"


@dataclass(frozen=True, kw_only=True)
class ExpressionExercise(Exercise, ABC):
    """The answer is an expression or a number, typed as text; any equal form is right.

    Parameters
    ----------
    variables : mapping of str to (float, float)
        The letters of the answer and the range each is drawn from.
    definitions : mapping of str to str
        Letters that stand for something, as ``{"y": "sigma(x)"}``: allowed in the answer too.
    answer_in : tuple of str
        The letters that an answer is to be written in, where not every letter is allowed.
    worth : int
        Points.
    rtol, atol : float
        As in `Part`.
    """

    variables: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    answer_in: tuple[str, ...] = ()
    worth: int = 2
    rtol: float = 1e-8
    atol: float = 1e-10

    @property
    @final
    def points(self) -> int:
        """Points for a right answer."""
        return self.worth

    @property
    @final
    def letters(self) -> tuple[str, ...]:
        """The letters that may stand in an answer."""
        return self.answer_in or (*self.variables, *self.definitions)

    @property
    @final
    def others(self) -> tuple[str, ...]:
        """The letters of the exercise that may not stand in an answer."""
        known = (*self.variables, *self.definitions)
        return tuple(letter for letter in known if letter not in self.letters)

    @final
    def submission(self, answer: str) -> str:
        """Python source that hands in ``answer``."""
        return f"{self.name} = {answer!r}\n"

    def formula(self, answer: str) -> str:
        """Return the part of an answer that is the formula asked for."""
        return answer

    @final
    def parse(self, answer: str) -> Node:
        """Read an answer in the letters of this exercise."""
        return read(self.formula(answer), self.letters, others=self.others)

    @final
    def points_at(self, rng: np.random.Generator, count: int) -> dict[str, Array]:
        """Draw ``count`` values for each letter, those that are defined by others included."""
        return self._with_definitions(
            {
                letter: rng.uniform(low, high, count)
                for letter, (low, high) in self.variables.items()
            }
        )

    @final
    def simple_points(self) -> list[dict[str, float]]:
        """Return a few points that a person would choose, x = 1 first, off kinks and poles.

        An answer is not judged by them, as another form of it may be undefined there: they
        show where a wrong one differs.
        """
        letters = dict(sorted(self.variables.items(), key=lambda item: item[0] != "x"))
        allowed = {
            letter: [n for n in SIMPLE if low <= n <= high] or [(low + high) / 2]
            for letter, (low, high) in letters.items()
        }
        chosen: list[dict[str, float]] = []
        for number in range(max(map(len, allowed.values()), default=0)):
            # Letters get different numbers, so that one does not hide behind another.
            values = {
                letter: found[(number + place) % len(found)]
                for place, (letter, found) in enumerate(allowed.items())
            }
            if self._is_smooth_at(values):
                points = self._with_definitions({k: np.array([v]) for k, v in values.items()})
                chosen.append({letter: float(value[0]) for letter, value in points.items()})
        return chosen[:MOST_SIMPLE]

    def _is_smooth_at(self, values: Mapping[str, float]) -> bool:
        nearby = np.array([-1e-6, 0.0, 1e-6])
        for letter in values:
            around = {k: np.full(3, v) + nearby * (k == letter) for k, v in values.items()}
            with np.errstate(all="ignore"):
                found = self.values(self.solution, self._with_definitions(around))
            if not np.allclose(found, found[1], rtol=1e-3, atol=1e-3):
                return False
        return True

    def _with_definitions(self, values: dict[str, Array]) -> dict[str, Array]:
        count = len(next(iter(values.values()))) if values else 1
        for letter, text in self.definitions.items():
            values[letter] = np.broadcast_to(
                float64(read(text, tuple(values)), values), (count,)
            )
        return values

    @final
    def values(self, answer: str, values: Mapping[str, Array]) -> Array:
        """Evaluate an answer at the drawn points."""
        count = len(next(iter(values.values()))) if values else 1
        return np.broadcast_to(float64(self.parse(answer), values), (count,))


@dataclass(frozen=True, kw_only=True)
class Derivable(ExpressionExercise, ABC):
    """The answer, or its last line, is a formula that can be derived line by line.

    Parameters
    ----------
    start : str
        The first line of the derivation, with its derivatives as ``D(x^2, x)``: with it, the
        proof editor opens the exercise.
    at_kinks : bool
        Whether the lines are to be equal at the kinks too; without it any slope counts there.
    """

    start: str = ""
    at_kinks: bool = True

    @property
    @final
    def task(self) -> dict[str, Any] | None:
        """What the proof editor opens: plain data, which holds no solution; None without it."""
        if not self.start:
            return None
        return {
            "start": self.start,
            "where": dict(self.definitions),
            "positive": [letter for letter, (low, _) in self.variables.items() if low >= 0],
            "letters": list(self.letters),
            "title": self.title,
            "at_kinks": self.at_kinks,
        }


@final
@dataclass(frozen=True, kw_only=True)
class Derive(Derivable):
    """Derive a formula."""

    kind: ClassVar[str] = "derive"

    @property
    def starter_text(self) -> str:
        """The assignment that hands in the formula."""
        letters = ", ".join(self.letters)
        return f'{self.name} = ""  # an expression in {letters}, between the quotes\n'


@final
@dataclass(frozen=True, kw_only=True)
class Prove(Derivable):
    """Derive a formula line by line: each line is proved equal to the one above.

    Parameters
    ----------
    rules : tuple of str
        The names of the rules that count: each that a right line shows is a point.
    most : int
        How many of them are asked for; what is left of ``worth`` is for the last line.
    """

    kind: ClassVar[str] = "prove"
    rules: tuple[str, ...]
    most: int = 3
    worth: int = 5

    def formula(self, answer: str) -> str:
        """Return the last line of a derivation."""
        rows = [row.strip() for row in answer.splitlines() if row.strip()]
        return rows[-1].removeprefix("=") if rows else ""

    @property
    def starter_text(self) -> str:
        """The assignment that hands in the lines; where they begin is told."""
        begin = f"# Begin with {self.start}, a line a row, each equal to the one above."
        return f'{begin}\n{self.name} = """\n"""\n'


@final
@dataclass(frozen=True, kw_only=True)
class Predict(ExpressionExercise):
    """Predict a number, then compute it: the answer explains something by its size."""

    kind: ClassVar[str] = "predict"
    rtol: float = 1e-2

    @property
    def starter_text(self) -> str:
        """The assignment that hands in the number."""
        return f"{self.name} = None  # a number\n"


def varied(variant: Callable[[np.random.Generator], Exercise]) -> Exercise:
    """Return an exercise whose constants differ from student to student.

    Parameters
    ----------
    variant : callable
        ``variant(rng)`` draws constants from ``rng``, writes them into statement, solution,
        alternatives, hints and mistakes alike, and returns the exercise; id, kind and points
        stay the same.

    Returns
    -------
    Exercise
        With constants drawn for nobody: what stands in a book. ``exercise.of("ada")`` has
        Ada's.

    Examples
    --------
    >>> def slope(rng):
    ...     a = int(rng.integers(2, 10))
    ...     return Derive(
    ...         id="line-slope", chapter="own", title="Slope", level="warm-up", minutes=1,
    ...         statement=f"Differentiate ${a}x$.", learnt="the slope", solution=f"{a}",
    ...         variables={"x": (-1.0, 1.0)}, hints=("Look at $x$.",), mistakes=(),
    ...     )
    >>> exercise = varied(slope)
    >>> exercise.of("ada").statement == exercise.of("ada").statement
    True
    >>> len({exercise.of(f"student {n}").solution for n in range(50)})
    8
    """
    return replace(variant(np.random.default_rng(0)), variant=variant)


@lru_cache(maxsize=1024)
def _load(source: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<{name}>", "exec"), namespace)
    function: Callable[..., Any] = namespace[name]
    return function
