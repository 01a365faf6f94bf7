"""The atlas's pages and gallery: generated once, and saying what the records hold."""

import dataclasses
import gzip
import inspect
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from actgrad_book import atlas, atlas_gallery, atlas_pages
from sphinx.errors import ExtensionError

from actgrad import ELU
from actgrad.atlas import DEFINITIONS, Definition
from actgrad.derivations import Unproved
from actgrad.derivations.functions import ACTIVATIONS, Function

ROOT = Path(__file__).parents[1]
SOME = ["elu", "gelu", "softmax", "tanh"]
ELEMENTWISE = [record for record in DEFINITIONS.values() if record.kind == "element-wise"]
BUMP = Definition("bump", "Bump", "bump", "x*e^(-x^2)", "It rises and falls. It has no kink.")


@pytest.fixture(scope="module")
def texts():
    return {name: atlas_pages.page_of(DEFINITIONS[name]).text for name in SOME}


def table(text, heading):
    """The cells of the first table under a heading, row by row, its head left out."""
    part = re.split(r"(?m)^## ", text)
    (section,) = (section for section in part if section.startswith(f"{heading}\n"))
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_a_page_says_what_its_record_holds(texts):
    text = texts["elu"]
    for words in (
        "# ELU",
        "(atlas-elu)=",
        "bends down to −α",  # the letter as readers see it
        r"f(x) = \begin{cases} x & \text{if } x > 0",
        "| **exponential rule**",
        "<summary>7 steps, every one proved</summary>",
        "### Second derivative",
        "check('elu-derivative'",
        "check('elu-from-output'",
    ):
        assert words in text
    assert table(text, "Kinks") == [["$0$", r"$\alpha$", "$1$", r"$\alpha$"]]
    facts = dict(table(text, "Facts"))
    assert facts["range (at the defaults)"] == r"$(-1, \infty)$"
    assert facts["monotonicity (at the defaults)"] == "increasing"
    assert facts["$f'(x) = 0$ (at the defaults)"] == "nowhere"
    assert inspect.getsource(ELU._gradient).strip() in text
    keywords = json.loads(re.search("keywords: (.*)", text)[1]).split(", ")
    assert {"ELU", "elu", "torch.nn.functional.elu"} <= set(keywords)


def test_what_the_output_cannot_tell_is_said_with_its_witness(texts):
    said = dict(table(texts["gelu"], "Facts"))["from the output"]
    a, b, y, p, q = (float(n.replace("−", "-")) for n in re.findall(r"[−\d.]*\d", said))
    f = ACTIVATIONS["gelu"]
    for x, slope in ((a, p), (b, q)):
        assert float(f.expression.subs(f.symbol, x)) == pytest.approx(y, abs=1e-5)
        assert float(f.derivative.subs(f.symbol, x)) == pytest.approx(slope, abs=1e-5)
    assert abs(p - q) > 0.1


def test_rows_have_their_derivations_and_the_code_that_is_written(texts):
    text = texts["softmax"]
    assert text.count("every one proved") >= 3
    assert "def _vjp_from_probabilities" in text


def test_rows_and_pairs_have_their_formula(texts):
    assert r"y_i = \frac{e^{s z_{i}}}{S}" in texts["softmax"]
    assert r"Here $S = \sum_j e^{s z_{j}}$." in texts["softmax"]
    sparse = atlas_pages.page_of(DEFINITIONS["sparsemax"]).text
    assert r"Here $\tau$ is the number for which $\sum_j" in sparse
    pair = atlas_pages.page_of(DEFINITIONS["swiglu"]).text
    assert r"f(a, b) = a \cdot \sigma(a) \cdot b" in pair
    assert '"""' not in pair
    for letter, rule in (("a", "product rule"), ("b", "identity rule")):
        _, part = pair.split(f"## The slope in ${letter}$")
        assert rule in part.split("\n## ")[0]
        assert "every one proved" in part.split("\n## ")[0]


def test_a_pairs_kinks_stand_with_the_slopes_that_are_taken():
    text = atlas_pages.page_of(DEFINITIONS["swiglu_clamped"]).text
    (by_a,) = re.findall(r"(?m)\| kink at \$a =\$ .*\n\| .*\n((?:\|.*\n)+)", text)
    (by_b,) = re.findall(r"(?m)\| kink at \$b =\$ .*\n\| .*\n((?:\|.*\n)+)", text)
    assert (by_a.count("\n"), by_b.count("\n")) == (1, 2)


def test_a_chapter_that_tells_more_is_linked():
    text = atlas_pages.page_of(DEFINITIONS["tanh"], "tanh").text
    assert "{doc}`../chapters/tanh`" in text


def test_the_longest_name_owns_a_derivation():
    assert atlas_pages._record_of("log_softmax_jacobian") == "log_softmax"
    assert atlas_pages._record_of("softmax_jacobian") == "softmax"
    assert atlas_pages._record_of("product_rule") == ""


def test_accuracy_is_the_recorded_one_and_is_never_made_up(texts, monkeypatch):
    rows = table(texts["tanh"], "Accuracy")
    known = {(r["framework"], r["call"]): r for r in atlas_pages._rows(DEFINITIONS["tanh"])}
    assert [row[0].split()[0] for row in rows] == ["actgrad", "PyTorch", "JAX"]
    for name, call, value, *_ in rows:
        row = known[name.split()[0], call.strip("`")]
        assert row["version"] in name
        assert row["date"] in name
        worst, _ = row["float64"]["value"]
        assert float(value.split(" at ")[0]) == pytest.approx(worst)
    assert rows[0][-1] == "not recorded"  # actgrad has no second derivatives
    monkeypatch.setattr(atlas_pages, "_recorded", list)
    text = atlas_pages.page_of(DEFINITIONS["tanh"]).text
    names = [[name, *["not recorded"] * 4] for name in ("actgrad", "PyTorch", "JAX")]
    assert table(text, "Accuracy") == names


def test_a_name_that_two_libraries_answer_to_has_the_version_of_each():
    rows = table(atlas_pages.page_of(DEFINITIONS["arctan"]).text, "In other libraries")
    known = {
        (f"{r['framework']} {r['version']}, {r['date']}", r["call"])
        for r in atlas_pages._rows(DEFINITIONS["arctan"])
    }
    said = [(library, call.strip("`")) for library, call, *_ in rows]
    assert set(said) <= known
    assert {library.split(" 1.")[0] for library, call in said if call == "Atan"} == {
        "ONNX",
        "ONNX Runtime",
    }


def test_numbers_and_letters_stand_as_readers_know_them():
    text = atlas_pages.page_of(DEFINITIONS["arctan"]).text
    assert "from −π/2 to π/2. Its slope fades as 1/x²." in text
    assert dict(table(text, "Facts"))["range"] == r"$(- \frac{\pi}{2}, \frac{\pi}{2})$"


def test_a_made_up_record_has_its_page_and_its_card(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "bump", Function(BUMP))
    monkeypatch.setattr(atlas_pages, "ActivationExplorer", lambda *a, **k: "explorer")
    text = atlas_pages.page_of(BUMP).text
    assert text.startswith('---\nkeywords: "Bump, bump"\n---\n\n(atlas-bump)=\n# Bump\n')
    assert r"e^{-x^{2}}" in text
    assert "## Kinks" not in text
    assert "## In NumPy" not in text
    card = atlas_gallery.card(Function(BUMP), "")
    assert card.traits == {"smooth", "bounded", "centred"}


def test_a_wrong_step_stops_the_page(monkeypatch):
    function = ACTIVATIONS["tanh"]
    right = atlas_pages.derivation_of(function)
    wrong = dataclasses.replace(right.steps[-1], expression=2 * right.result)
    made = dataclasses.replace(right, steps=(*right.steps[:-1], wrong))
    monkeypatch.setattr(atlas_pages, "derivation_of", lambda function: made)
    with pytest.raises(Unproved, match="step"):
        atlas_pages.page_of(DEFINITIONS["tanh"])


def test_a_paper_that_the_bibliography_lacks_is_named():
    record = dataclasses.replace(BUMP, paper="nobody2020")
    with pytest.raises(ValueError, match=r"record 'bump', field 'paper': .*nobody2020"):
        atlas_pages.year_of(record, {"somebody2019": "2019"})
    assert atlas_pages.year_of(BUMP, {}) == ""


def test_every_paper_is_in_the_bibliography_with_its_year():
    years = atlas_pages.years_of(ROOT / "chapters" / "references.bib")
    for record in DEFINITIONS.values():
        assert not record.paper or re.fullmatch(r"\d{4}", atlas_pages.year_of(record, years))


# The gallery.


@pytest.fixture(scope="module")
def cards():
    return [atlas_gallery.card(ACTIVATIONS[record.name], "2000") for record in ELEMENTWISE]


def followed(data):
    """The corners of an SVG path of `M` and relative `l`, in the function's own units."""
    pieces = []
    for piece in data.split("M")[1:]:
        start, *moves = [
            [int(n) for n in re.findall(r"-?\d+", pair)] for pair in piece.split("l")
        ]
        corners = np.array(
            list(
                itertools.accumulate(
                    moves, lambda a, b: [a[0] + b[0], a[1] + b[1]], initial=start
                )
            )
        )
        x = corners[:, 0] / atlas_gallery.UNIT + atlas_gallery.X[0]
        pieces.append((x, atlas_gallery.Y[1] - corners[:, 1] / atlas_gallery.UNIT))
    return pieces


def test_a_drawn_line_is_the_curve(cards):
    for card, record in zip(cards, ELEMENTWISE, strict=True):
        function = ACTIVATIONS[record.name]
        for data, curve in zip(
            card.paths, (atlas_gallery.value, atlas_gallery.derivative), strict=True
        ):
            for x, y in followed(data):
                # Beside a kink the piece ends: its own side is what counts.
                between = np.linspace(x[0] + 1e-6, x[-1] - 1e-6, 997)
                exact = curve(function, between, record.defaults)
                low, high = (
                    end + d for end, d in zip(atlas_gallery.Y, (-0.5, 0.5), strict=True)
                )
                away = np.abs(np.interp(between, x, y) - exact.clip(low, high))
                assert away.max() <= 0.03, record.name


def test_points_that_are_left_out_are_near_the_line():
    x = np.linspace(0, 800, 1601)
    points = np.stack([x, 200 * np.sin(x / 60)], axis=1)
    kept = atlas_gallery.simplified(points)
    assert len(kept) < len(points) / 10
    line = np.interp(x, kept[:, 0], kept[:, 1])
    assert np.abs(line - points[:, 1]).max() < 4
    assert np.abs(line - points[:, 1]).max() > 0


def test_a_jump_is_no_line(cards):
    by_name = {card.record.name: card for card in cards}
    value, slope = by_name["relu"].paths
    assert (value.count("M"), slope.count("M")) == (1, 2)
    assert by_name["hard_tanh"].paths[1].count("M") == 3
    assert by_name["tanh"].paths[1].count("M") == 1


def test_cards_say_what_is_derived(cards):
    by_name = {card.record.name: card for card in cards}
    assert by_name["tanh"].traits == {"smooth", "monotone", "bounded", "centred", "output"}
    assert by_name["sigmoid"].traits == {"smooth", "monotone", "bounded", "output"}
    assert by_name["relu"].traits == {"kinks", "monotone", "output"}
    assert by_name["silu"].traits == {"smooth"}
    assert by_name["hard_tanh"].kinks == 2


def test_the_gallery_is_light_and_links_every_page(cards):
    others = [record for record in DEFINITIONS.values() if record not in ELEMENTWISE]
    html = atlas_gallery.page(cards, others)
    assert set(re.findall(r'href="\.\./atlas/(\w+)\.html"', html)) == set(DEFINITIONS)
    assert len(gzip.compress(html.encode())) <= 400 * len(cards) + 3000
    items = re.search(r'(?s)<ul class="atlas".*?</ul>', html)[0]
    for item in ElementTree.fromstring(items):
        link, words = item
        assert link.findall("svg")[0].get("aria-hidden") == "true"
        kinks, keys = int(item.get("data-kinks")), item.get("data-is").split()
        assert (kinks > 0) == ("kinks" in keys) == ("smooth" not in keys)
        assert words.text.startswith("2000, ")


# When it is written.


@pytest.fixture
def book(tmp_path):
    (tmp_path / "_toc.yml").write_text("chapters:\n  - glob: atlas/*\n")
    (tmp_path / "chapters").mkdir()
    app = SimpleNamespace(srcdir=str(tmp_path))
    return app, SimpleNamespace(external_toc_path="_toc.yml")


def test_what_is_unchanged_is_not_written_again(book, monkeypatch):
    app, config = book
    folder = Path(app.srcdir) / "atlas"
    runs = []

    def run(command, **options):
        runs.append(command)
        folder.mkdir(exist_ok=True)
        return _Done(0)

    monkeypatch.setattr(atlas.subprocess, "Popen", run)
    atlas.generate(app, config)
    atlas.generate(app, config)
    assert len(runs) == 1
    (Path(app.srcdir) / "chapters" / "elu.md").write_text("---\nrecords: selu, celu\n---\n")
    atlas.generate(app, config)
    assert len(runs) == 2
    assert json.loads(runs[-1][-1]) == dict.fromkeys(("celu", "elu", "selu"), "elu")


def test_a_book_without_the_atlas_writes_none(book, monkeypatch):
    app, config = book
    (Path(app.srcdir) / "_toc.yml").write_text("chapters:\n  - file: chapters/relu\n")
    monkeypatch.setattr(atlas.subprocess, "Popen", None)
    atlas.generate(app, config)
    assert not (Path(app.srcdir) / "atlas").exists()


def test_a_generator_that_fails_stops_the_build_and_says_why(book, monkeypatch):
    app, config = book
    monkeypatch.setattr(atlas.sys, "executable", "python3")
    monkeypatch.setattr(atlas, "EXTENSION", Path(app.srcdir))
    package = Path(app.srcdir) / "actgrad_book"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "atlas_pages.py").write_text(
        "raise ValueError(\"record 'gelu', field 'x': no\")"
    )
    with pytest.raises(ExtensionError, match="not written: ValueError: record 'gelu'"):
        atlas.generate(app, config)
    assert not (Path(app.srcdir) / "atlas" / ".digest").exists()


class _Done:
    def __init__(self, status):
        self.stdout, self.status = iter(()), status

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def wait(self):
        return self.status


def test_pages_of_records_that_are_gone_are_removed(tmp_path, monkeypatch):
    folder = tmp_path / "atlas"
    folder.mkdir()
    (folder / "gone.md").write_text("# Gone")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "references.bib").write_text(
        (ROOT / "chapters" / "references.bib").read_text("utf-8"), "utf-8"
    )
    monkeypatch.setattr(atlas_pages, "DEFINITIONS", {"tanh": DEFINITIONS["tanh"]})
    atlas_pages.main(folder, {})
    before = (folder / "tanh.md").stat().st_mtime_ns
    atlas_pages.main(folder, {})
    assert {path.name for path in folder.iterdir()} == {
        "tanh.md",
        "gallery.html",
        "explorers.json",
    }
    assert (folder / "tanh.md").stat().st_mtime_ns == before
    kept = json.loads((folder / "explorers.json").read_text("utf-8"))
    assert all("fallback" in model["state"] for model in kept["pages"]["atlas/tanh"].values())
