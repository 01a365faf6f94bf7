"""The exercises of the book: one module a chapter, with the chapter's stem."""

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import sigmoid

CHAPTERS = {
    "sigmoid": sigmoid.EXERCISES,
}

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise for exercises in CHAPTERS.values() for exercise in exercises
}
