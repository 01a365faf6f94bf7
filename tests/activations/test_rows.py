"""Rows: each class against its record's sums and formula, by mpmath."""

import mpmath
import numpy as np
import pytest

from actgrad import activations
from actgrad.atlas import DEFINITIONS, derivative, evaluate
from tests.records import EXACT, letters, settings

ROWS = {name: record for name, record in DEFINITIONS.items() if record.kind == "rows"}
each = pytest.mark.parametrize("name", ROWS)


class Exact:
    """Value and Jacobian of one row by the record alone, whatever its sum stands for."""

    def __init__(self, record, own, row):
        ((self.letter, self.summand, self.total),) = record.sums
        self.record, self.numbers = record, letters(record, own)
        self.row = [mpmath.mpf(float(number)) for number in row]
        self.shared = self.solved()
        self.value = [self.at(record.value, x) for x in self.row]

    def at(self, tree, x, shared=None):
        shared = self.shared if shared is None else shared
        return evaluate(tree, {"x": x, self.letter: shared, **self.numbers}, EXACT)

    def excess(self, shared):
        rows = mpmath.fsum(self.at(self.summand, x, shared) for x in self.row)
        return rows - self.at(self.total, mpmath.mpf(0), shared)

    def solved(self):
        if self.letter not in self.summand.names():
            return self.excess(mpmath.mpf(0))  # the total is the letter itself
        return mpmath.findroot(self.excess, (-10, 10), solver="bisect", maxsteps=400)

    def jacobian(self):
        """By the implicit function theorem: the sum moves as its equation says."""

        def slopes(tree, letter):
            return [self.at(derivative(tree, letter), x) for x in self.row]

        moved = self.at(derivative(self.total, self.letter), mpmath.mpf(0))
        rate = moved - mpmath.fsum(slopes(self.summand, self.letter))
        shared = [slope / rate for slope in slopes(self.summand, "x")]
        own = slopes(self.record.value, "x")
        through = slopes(self.record.value, self.letter)
        k = range(len(self.row))
        return [[own[i] * (i == j) + through[i] * shared[j] for j in k] for i in k]


@each
@pytest.mark.parametrize("k", [1, 2, 5])
def test_value_and_jacobian_are_the_record_s(name, k):
    record = ROWS[name]
    random = np.random.default_rng(k)
    with mpmath.workdps(40):
        for own in settings(record):
            f = getattr(activations, record.class_name)(**own)
            for scale in (0.3, 1, 3):
                row = scale * random.standard_normal(k)
                exact = Exact(record, own, row)
                reduces = np.ndim(f(row)) == 0
                value = exact.value[:1] if reduces else exact.value
                jacobian = exact.jacobian()[:1] if reduces else exact.jacobian()
                np.testing.assert_allclose(
                    np.atleast_1d(f(row)), np.array(value, float), rtol=1e-14, atol=1e-15
                )
                np.testing.assert_allclose(
                    f.jacobian(row), np.array(jacobian, float), rtol=1e-13, atol=1e-15
                )


@each
def test_the_parameters_are_those_of_the_record(name):
    f = getattr(activations, ROWS[name].class_name)()
    assert f.axis == -1
    for key, default in ROWS[name].defaults.items():
        assert getattr(f, key) == default


def test_a_record_with_another_sum_is_noticed():
    row = np.array([0.5, -1.0])
    with mpmath.workdps(40):
        wrong = Exact(ROWS["softmin"], {}, row).value
        assert abs(float(wrong[0]) - activations.Softmax()(row)[0]) > 0.1
