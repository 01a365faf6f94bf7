"""Which exercises a test tries that goes through the catalogue.

Those that follow from the records are alike, and test_atlas.py judges each: elsewhere a sample
of them stands for all. The slow run has all where a test takes `EVERY`.
"""

import pytest

from actgrad.exercises import CHAPTERS, EXERCISES

FOLLOWING = CHAPTERS["atlas"]
BY_HAND = tuple(item for item in EXERCISES.values() if item not in FOLLOWING)
TRIED = {item.id: item for item in (*BY_HAND, *FOLLOWING[::9])}


def slow(item):
    """The marks of a test of an exercise."""
    return () if item.id in TRIED else (pytest.mark.slow,)


EVERY = [pytest.param(item, id=item.id, marks=slow(item)) for item in EXERCISES.values()]
