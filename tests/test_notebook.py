"""What chapters show: pictures with words, real source, tables that Markdown can hold."""

import ast
import inspect
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from actgrad import Sigmoid, notebook
from actgrad.derivations import sigmoid_by_chain_rule
from actgrad.notebook import Facing, Picture, Source, Table, Text, line, number, recorded, svg


def one_line(figure):
    figure.subplots().plot([0, 1], [0, 1], **line("function"))


def test_picture_is_one_svg_with_its_words_in_the_readers_colour():
    text = svg(one_line, 'A "line" from 0 to 1 & back')
    element = ElementTree.fromstring(text)
    assert element.get("role") == "img"
    assert element.get("aria-label") == 'A "line" from 0 to 1 & back'
    assert element.get("width") is None
    assert "currentColor" in text
    assert "#010203" not in text


def test_equal_pictures_are_equal_texts():
    assert svg(one_line, "A line") == svg(one_line, "A line")


def test_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="text alternative"):
        Picture(one_line, "  ")


def test_caption_is_escaped():
    assert (
        "<figcaption>a &lt; b</figcaption>"
        in Picture(one_line, "A line", "a < b")._repr_html_()
    )


def test_source_is_the_real_one():
    shown = Source(Sigmoid, ["_value"])._repr_markdown_()
    real = inspect.getsource(Sigmoid._value)
    (code,) = re.findall(r"```python\n(.*?)\n```", shown, re.S)
    assert [row.strip() for row in code.splitlines()] == [
        row.strip() for row in real.splitlines()
    ]
    assert "<code>Sigmoid</code>, 4 lines</summary>" in shown


def test_source_leaves_docstrings_out_and_nothing_else():
    shown = Source(Sigmoid)._repr_markdown_()
    (code,) = re.findall(r"```python\n(.*?)\n```", shown, re.S)
    whole = inspect.cleandoc("\n" + inspect.getsource(Sigmoid))
    assert Sigmoid.__doc__.splitlines()[0] not in code
    assert '"""' not in code
    kept = iter(whole.splitlines())
    assert all(any(line == other for other in kept) for line in code.splitlines())
    assert ast.dump(ast.parse(code).body[0].body[0]) == ast.dump(
        ast.parse(whole).body[0].body[1]
    )


FACED = {"return 1": "D(1/(1 + e^(-x)), x)", "return y": "sigma(x)*(1 - sigma(x))"}
SHORT = """
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def from_output(y):
        return y * (1 - y)
"""


def test_code_faces_the_lines_that_it_names_by_their_numbers_today():
    derivation = sigmoid_by_chain_rule()
    short = Facing(SHORT, derivation, FACED)
    assert short["from_output"](short["sigmoid"](0.0)) == 0.25
    first, last = str(short).splitlines()[1], str(short).splitlines()[-1]
    assert first.endswith("# (1)")
    assert last.endswith(f"# ({len(list(derivation.rows()))})")
    assert first.index("#") == last.index("#")
    assert 'data-name="sigmoid-by-chain-rule"' in short._repr_markdown_()


@pytest.mark.parametrize(
    ("faces", "message"),
    [
        ({"return": "sigma(x)*(1 - sigma(x))"}, "2 lines of the code begin with 'return'"),
        ({"yield": "sigma(x)*(1 - sigma(x))"}, "0 lines of the code begin with 'yield'"),
        ({"return y": "sigma(x)^2"}, r"no line of .* reads sigma\(x\)\^2"),
    ],
)
def test_what_faces_nothing_is_refused(faces, message):
    with pytest.raises(ValueError, match=message):
        Facing(SHORT, sigmoid_by_chain_rule(), faces)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.25, "$0.25$"),
        (-2.0, "$-2$"),
        (3.14e-17, r"$3.14 \times 10^{-17}$"),
        (1e300, r"$1 \times 10^{300}$"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (3, "3"),
        (np.int64(3), "3"),
        (np.True_, "True"),
        ("a|b", r"a\|b"),
    ],
)
def test_cells(value, cell):
    assert Table({"head": [value]})._repr_markdown_().splitlines()[2] == f"| {cell} |"


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        Table({"a": [1, 2], "b": [1]})._repr_markdown_()


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3.139e-17, 2, "3.1 × 10⁻¹⁷"),
        (-0.5, 2, "−0.5"),
        (53.1, 2, "53"),
        (2.5e10, 2, "2.5 × 10¹⁰"),
    ],
)
def test_numbers_in_text(value, digits, text):
    assert number(value, digits) == text


def test_numbers_stand_in_their_paragraph():
    text = Text(
        r"""
        At $\frac{1}{2}$ it is {{small}}; {{count}} of {{all}}.
        {{count}} are new.
        """,
        small=3.139e-17,
        count=3,
        all="12",
    )
    shown = "At $\\frac{1}{2}$ it is 3.1 × 10⁻¹⁷; 3 of 12.\n3 are new."
    assert str(text) == text._repr_markdown_() == shown


@pytest.mark.parametrize(
    ("text", "values", "says"),
    [
        ("{{a}}", {}, "no value for a"),
        ("a", {"b": 1}, r"no \{\{name\}\} in the text for b"),
        ("{{a}} {{c}}", {"b": 1}, "no value for a, c; no .* for b"),
    ],
)
def test_a_number_without_a_place_is_refused(text, values, says):
    with pytest.raises(ValueError, match=says):
        Text(text, **values)


ROW = {"question": "f'(0)", "framework": "PyTorch", "version": "2.13.0", "date": "2026-11-25"}
ALONE = {"library": "torch", "version": "2.13.0+cpu", "date": "2026-11-25", "rows": [{}]}


def record_in(folder, content, monkeypatch):
    (folder / "some.json").write_text(json.dumps(content))
    monkeypatch.setattr(notebook, "DATA", folder)


@pytest.mark.parametrize("content", [{"rows": [ROW, ROW]}, ALONE])
def test_a_record_with_versions_and_dates_is_read(content, tmp_path, monkeypatch):
    record_in(tmp_path, content, monkeypatch)
    assert recorded("some") == content


@pytest.mark.parametrize("gone", ["version", "date"])
@pytest.mark.parametrize("instead", [None, "", "yesterday"])
@pytest.mark.parametrize("alone", [True, False])
def test_a_record_without_version_or_date_is_refused(
    gone, instead, alone, tmp_path, monkeypatch
):
    bad = {name: text for name, text in (ALONE if alone else ROW).items() if name != gone}
    if instead is not None:
        bad[gone] = instead
    record_in(tmp_path, bad if alone else {"rows": [ROW, bad]}, monkeypatch)
    with pytest.raises(ValueError, match=r"some\.json: version or date is missing in .*record"):
        recorded("some")
