"""Predictions: each has choices, one of them right, and a name of its own."""

import re
from collections import Counter
from pathlib import Path

CHAPTERS = Path(__file__).parents[1] / "chapters"
PREDICT = re.compile(r"^```\{predict\} ([\w-]+)\n:right: (\d+)\n\n(.*?)^```$", re.M | re.S)
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in CHAPTERS.glob("*.md")}
ASKED = {stem: PREDICT.findall(text) for stem, text in TEXTS.items()}


def test_all_predictions_are_of_one_kind():
    for stem, text in TEXTS.items():
        assert text.count("{predict}") == len(ASKED[stem]), stem
        assert not re.search(r"\bPredict first\b", text), stem
        assert text.count("{predicted}") <= len(ASKED[stem])
    names = Counter(name for asked in ASKED.values() for name, *_ in asked)
    assert len(names) >= 30
    assert set(names.values()) == {1}


def test_the_right_choice_is_not_always_the_same():
    places = Counter()
    for asked in ASKED.values():
        for name, right, body in asked:
            choices = re.findall(r"^- ", body, re.M)
            assert 1 <= int(right) <= len(choices), name
            assert len(choices) >= 2, name
            places[int(right) / len(choices) == 1] += 1
    assert min(places[True], places[False]) >= places.total() / 4


def test_a_prediction_without_a_right_choice_stops_the_build(build):
    page = "```{predict} which\n:right: 3\n\nWhich?\n\n- this\n- that\n```\n"
    done = build(page)
    assert done.returncode != 0
    assert "of one of them, of 1 to 2" in " ".join((done.stdout + done.stderr).split())
