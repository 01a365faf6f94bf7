"""A derivation on a page: prose that cites its lines."""

from actgrad_book.derivations import LEFT_SIDE, SENTENCES
from actgrad_book.line_breaks import width

from actgrad.derivations import DERIVATIONS, derive

ALL = [*(make() for make in DERIVATIONS.values()), derive("x*tanh(log(1 + e^x))")]


def test_every_rule_that_a_derivation_uses_has_its_sentence():
    for derivation in ALL:
        for *_, step in derivation.rows():
            assert SENTENCES[step.rule.name] == step.rule.sentence
    assert width(ALL[0].left_side) <= LEFT_SIDE
