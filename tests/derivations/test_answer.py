"""A reader's question is answered by messages, and says what it took for granted."""

from actgrad.derivations._answer import answer

SOFT = "Piecewise((x - lam, x > lam), (x + lam, x < -lam), (0, otherwise))"


def kinds(*question):
    return {message["kind"]: message for message in answer(*question)}


def test_a_sign_is_taken_from_the_number_only_where_the_cases_need_it():
    said = kinds(SOFT, "x", {"lam": 0.5})
    assert said["derived"]["positive"] == ["lam"]
    assert said["proved"]["exact"] == said["proved"]["steps"] > 0
    for at in ({}, {"lam": -0.5}):
        assert kinds(SOFT, "x", at).keys() == {"read", "refused"}
    said = kinds("Piecewise((x, x > 0), (lam*x, otherwise))", "x", {"lam": 0.5})
    assert said["derived"]["positive"] == []


def test_code_comes_with_its_test():
    said = kinds("lam*x^2 + x", "x", {"lam": 0.25})
    assert "derivative(x, lam=0.25)" in said["test"]["text"]
    assert list(said)[-1] == "test"


def test_a_function_without_rules_is_refused_whatever_the_numbers():
    said = kinds("gamma(a*x)", "x", {"a": 1.0})
    assert said.keys() == {"read", "refused"}
    assert "gamma" in said["refused"]["reason"]
