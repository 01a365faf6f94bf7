"""The examples in the docstrings of what instructors' commands are made of."""

import doctest
import importlib
import pkgutil

import pytest

from actgrad.exercises import course, exports, grading

ALONE = ("_exercise", "_imports", "_numbers")
MODULES = [f"actgrad.exercises.{name}" for name in ALONE] + [
    f"{package.__name__}.{module.name}"
    for package in (course, exports, grading)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module):
    # A reader types them: they are nobody's module's.
    own = {"__name__": "__main__"}
    result = doctest.testmod(importlib.import_module(module), extraglobs=own)
    assert result.failed == 0


def test_there_are_examples():
    found = [doctest.DocTestFinder().find(importlib.import_module(name)) for name in MODULES]
    assert sum(bool(item.examples) for items in found for item in items) >= 10
