"""Inputs come from the secret, differ by student, and cannot be confused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actgrad.exercises.grading._inputs import SecretError, generator, keyed, read_secret

SECRET = b"0123456789abcdef"


def drawn(*words, secret=SECRET):
    return generator(secret, *words).random(4).tolist()


def test_the_same_words_give_the_same_inputs():
    assert drawn("ann", "sigmoid-gradient", "tails") == drawn(
        "ann", "sigmoid-gradient", "tails"
    )


def test_every_word_matters():
    base = ("ann", "sigmoid-gradient", "tails")
    seen = [drawn(*base), drawn(*base, secret=SECRET + b"x")]
    for position in range(3):
        words = list(base)
        words[position] += "2"
        seen.append(drawn(*words))
    assert len({tuple(values) for values in seen}) == len(seen)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_two_lists_of_words_never_run_into_one(left, right):
    assert (keyed(SECRET, *left) == keyed(SECRET, *right)) == (left == right)


def test_names_that_are_not_utf_8_have_inputs_too():
    assert len(drawn("\udcff", "a", "b")) == 4


def test_the_secret_is_read_without_its_line_end(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(SECRET + b"\n")
    assert read_secret(path) == SECRET


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 15 + b"\n\n", b"x" * 5000])
def test_a_bad_secret_is_refused_with_advice(data, tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(data)
    with pytest.raises(SecretError, match=r"secrets\.token_hex"):
        read_secret(path)


def test_a_missing_secret_is_named(tmp_path):
    with pytest.raises(SecretError, match=r"nowhere.*No such file"):
        read_secret(tmp_path / "nowhere")


def test_the_draws_look_uniform():
    # 400 students: a seed that lost most of its bits would repeat or cluster.
    values = np.array([drawn(f"student-{number}", "a", "b") for number in range(400)])
    assert len(np.unique(values)) == values.size
    assert abs(values.mean() - 0.5) < 0.03
