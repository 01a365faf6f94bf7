"""Give each step of each derivation every other rule's name: the prover must refuse it.

A name is *wrong* for a step when its rule, applied to the line before, does not make the next
line; that is what every rule's check decides. Two names for one step are therefore *synonyms*
only where two rules, applied, write the same line. These pairs are the data below, each with
its reason; a pair that is accepted and not in the table fails the test.
"""

import itertools

import pytest

from actgrad.derivations import DERIVATIONS, Derivation, Step, Unproved, derive, rules, write
from actgrad.derivations._expression import D

# (the step's own rule, the other name): why both describe it.
SYNONYMS = {
    ("RECIPROCAL", "CHAIN"): "1/v is the chain rule with the power -1 as outer function",
    ("CHAIN", "RECIPROCAL"): "the same, read the other way",
    ("RECIPROCAL", "POWER"): "1/x is x^(-1): the power rule with the exponent -1",
    ("COMMON_DENOMINATOR", "FACTOR_OUT"): "to take 1/a out of a sum is to put the sum over a",
    ("FACTOR_OUT", "COMMON_DENOMINATOR"): "the same, read the other way",
}
NAMES = {id(getattr(rules, name)): name for name in rules.__all__}


def steps(derivation):
    before = derivation.start
    for step in derivation.steps:
        for part in step.parts:
            yield from steps(part)
        yield step, step.change(before, derivation.definitions)
        before = step.expression


def accepted_names(derivations):
    """Return how many names were tried, and for each other name that was accepted a step."""
    tried, accepted = 0, {}
    for derivation in derivations:
        for step, change in steps(derivation):
            own = NAMES[id(step.rule)]
            assert step.rule.describes(change), (own, change.before, change.after)
            for name in rules.__all__:
                if name != own:
                    tried += 1
                    if getattr(rules, name).describes(change):
                        accepted.setdefault((own, name), []).append(change)
    return tried, accepted


def judged(derivations, record_property):
    tried, accepted = accepted_names(derivations)
    synonyms = sum(map(len, accepted.values()))
    record_property("labels tried", tried)
    print(f"{tried} names tried, {tried - synonyms} refused, {synonyms} synonyms")
    wrong = {pair: found[0] for pair, found in accepted.items() if pair not in SYNONYMS}
    assert not wrong
    return tried, accepted


def test_every_wrong_name_is_refused_in_the_documents(record_property):
    tried, _ = judged((make() for make in DERIVATIONS.values()), record_property)
    assert tried > 250 * 60


def test_every_wrong_name_is_refused_in_the_corpus(record_property, corpus, read, x):
    tried, accepted = judged((derive(read(text), x) for text in corpus), record_property)
    assert tried > 900 * 60
    assert {("RECIPROCAL", "CHAIN"), ("RECIPROCAL", "POWER")} <= set(accepted)


def test_every_wrong_name_is_refused_in_the_activations(record_property, activations):
    derivations = [derivation for derivation, _ in activations]
    tried, _ = judged(derivations, record_property)
    assert tried > 150 * 60
    names = {NAMES[id(step.rule)] for derivation in derivations for step in derivation.steps}
    assert {"KNOWN", "EXTREMUM_BY_CASES"} <= names


def test_no_synonym_is_listed_in_vain(corpus, read, x):
    derivations = [make() for make in DERIVATIONS.values()]
    derivations += [derive(text) for text in ("1/x", "1/(1 + x^2)")]
    _, accepted = accepted_names(derivations)
    assert set(accepted) == set(SYNONYMS)


# Two steps that one rule describes as well: why.
TOGETHER = {
    ("CHAIN", "RECIPROCAL"): "the reciprocal rule is the chain rule with 1/u carried out",
}


def test_no_rule_covers_two_rules_of_calculus(corpus, read, x):
    """Leave out the line between two: one rule a line, so no name is right for both."""
    calculus = {
        id(rule)
        for name in rules.__all__
        if isinstance((rule := getattr(rules, name)).sides[0], D)
        and rule not in (rules.KNOWN, rules.PARTS)
    }
    derivations = [make() for make in DERIVATIONS.values()]
    derivations += [derive(read(text), x) for text in corpus]
    tried, accepted = 0, set()
    for derivation in derivations:
        lines = derivation.lines
        for place, pair in enumerate(itertools.pairwise(derivation.steps)):
            if pair[0].rule is pair[1].rule or not {id(s.rule) for s in pair} <= calculus:
                continue
            tried += 1
            change = pair[1].change(lines[place], derivation.definitions)
            if any(getattr(rules, name).describes(change) for name in rules.__all__):
                accepted.add(tuple(NAMES[id(step.rule)] for step in pair))
    print(f"{tried} pairs of steps, joined")
    assert tried > 500
    assert accepted == set(TOGETHER)


def test_a_wrong_name_stops_the_whole_derivation():
    derivation = DERIVATIONS["sigmoid_by_quotient_rule"]()
    for place, step in enumerate(derivation.steps):
        for name in rules.__all__:
            rule = getattr(rules, name)
            pair = NAMES[id(step.rule)], name
            if rule is step.rule or pair in SYNONYMS:
                continue
            steps = list(derivation.steps)
            steps[place] = Step(rule, step.expression)
            planted = Derivation(
                derivation.subject, derivation.symbol, tuple(steps), derivation.definitions
            )
            with pytest.raises(Unproved, match=f"step {place + 1} "):
                planted.prove()


def test_a_known_derivative_must_be_the_one_that_is_cited():
    sigmoid, tanh = (
        DERIVATIONS["sigmoid_by_chain_rule"](),
        DERIVATIONS["tanh_by_exponentials"](),
    )

    def cites(known, line):
        where = {"sigma(x)": "1/(1 + e^(-x))"}
        return write("sigma(2*x)", "x", [(rules.KNOWN, line, "", known)], where=where)

    right = "sigma(2*x)*(1 - sigma(2*x))*D(2*x, x)"
    assert cites(sigmoid, right).prove().exact == 1
    for known, line in ((tanh, right), (sigmoid, "sigma(2*x)*(1 - sigma(2*x))*2")):
        with pytest.raises(Unproved, match="known result"):
            cites(known, line).prove()


def test_a_known_derivation_that_is_wrong_is_not_cited():
    sigmoid = DERIVATIONS["sigmoid_by_chain_rule"]()
    wrong = write(
        "sigma(x)",
        "x",
        [(rules.DEFINITION, "D(1/(1 + e^(-x)), x)"), (rules.KNOWN, "sigma(x)", "", sigmoid)],
        where={"sigma(x)": "1/(1 + e^(-x))"},
    )
    citing = write("sigma(x)", "x", [(rules.KNOWN, "sigma(x)", "", wrong)])
    with pytest.raises(Unproved):
        citing.prove()


def test_parts_stand_on_the_same_names():
    part = write("u", "x", [(rules.DEFINITION, "D(x^2, x)")], where={"u": "x^2"})
    used = [(rules.PARTS, "1 + D(x^2, x)", "", part)]
    right = write("1 + D(u, x)", None, used, where={"u": "x^2"})
    wrong = write("1 + D(u, x)", None, used, where={"u": "x^3"})
    assert right.prove().exact == 2
    with pytest.raises(Unproved, match="put the parts in"):
        wrong.prove()
