"""The lab's packed files: small, complete, and the same mathematics as on this machine."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from actgrad_book import assets, lab, lab_pack

from actgrad.derivations import _answer

pytestmark = pytest.mark.xdist_group("lab")

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "tests" / "derivations" / "corpus.txt").read_text(encoding="utf-8").splitlines()
CORPUS = [line.split(";;")[0].strip() for line in LINES if line and not line.startswith("#")]
HOSTILE = [
    *("__import__('os').system('ls')", "(" * 5000, "9**9**9**9", "x\0", "x" * 10**6),
    *("", "x[0]", "gamma(x)", "a*b", "log(-1 - x^2)", "é" * 1000, "\ud800"),
]


@pytest.fixture(scope="module")
def packed():
    return lab_pack.part("packed")


@pytest.fixture(scope="module")
def ask(packed, tmp_path_factory):
    """Return what asks the packed lab in Node: the messages of each answer, and more."""

    def ask(questions):
        asked = tmp_path_factory.mktemp("asked") / "asked.json"
        asked.write_text(json.dumps(questions), encoding="utf-8")
        runner = Path(__file__).with_name("lab_node.mjs")
        modules = assets.fetch()
        command = [assets.NODE, runner, modules / "pyodide", packed, lab_pack.HERE, asked]
        result = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert result.returncode == 0, result.stderr[-2000:]
        return json.loads(result.stdout)

    return ask


def natively(text):
    return json.loads(json.dumps(list(_answer.answer(text))))


def parted(messages):
    """Return the messages without the facts, and these: a slow machine may miss one."""
    facts = {said["title"]: said["says"] for said in messages if said["kind"] == "fact"}
    limited = ("fact", "output")
    return [said for said in messages if said["kind"] not in limited], facts


def compare(ask, texts):
    said = ask([["answer", {"text": text}] for text in texts])
    assert len(said["answers"]) == len(texts)
    for text, answer in zip(texts, said["answers"], strict=True):
        (there, facts), (here, own) = map(parted, (answer["messages"], natively(text)))
        assert there == here, text
        for title in facts.keys() & own.keys():
            assert facts[title] == own[title], (text, title)
    assert said["heap"] <= 64 * 2**20
    return said


def test_the_key_follows_the_sources(tmp_path, monkeypatch):
    files = shutil.copytree(lab_pack.HERE, tmp_path / "lab_files")
    monkeypatch.setattr(lab_pack, "HERE", files)
    before = {name: lab_pack.key(name) for name in lab_pack.PARTS}
    assert before == {name: lab_pack.key(name) for name in lab_pack.PARTS}
    with (files / "inside.py").open("a") as inside:
        inside.write("# another\n")
    assert lab_pack.key("packed") != before["packed"]
    assert lab_pack.key("answers") == before["answers"]


def test_the_first_use_is_small(packed):
    files = lab.files().items()
    fetched = {name: data for name, data in files if not name.startswith("offline")}
    # Scripts travel compressed, the others are already.
    sizes = {
        n: len(gzip.compress(d, 9) if n.endswith(".js") else d) for n, d in fetched.items()
    }
    assert sum(sizes.values()) <= 5_600_000, sizes
    assert {name.partition("-")[0] for name in fetched} == {
        *("wasm", "library", "site", "worker"),
        *("lab", "tools", "katex", "ready"),
    }


def test_the_pack_answers_as_this_machine_does(ask):
    names = set(compare(ask, [*CORPUS[::12], *HOSTILE])["names"])
    assert {"sympy.solvers.solvers", "mpmath.libmp", "actgrad.atlas", "lab_inside"} <= names
    assert {name.partition(".")[0] for name in names} == {*lab_pack.PACKAGES, "lab_inside"}
    assert not any("tests" in name.split(".") for name in names)
    assert not any(name.startswith("actgrad.activations") for name in names)


def test_lines_are_judged_there_too(ask):
    questions = [
        ["line", {"before": before, "after": after}]
        for before, after in (
            ("D(x*sin(x^2), x)", "d/dx(sin(x^2))*x + sin(x^2)"),
            ("D(x*sin(x^2), x)", "cos(x^2)*x + sin(x^2)"),
            (
                "D(x*tanh(log(1 + e^x)), x)",
                "tanh(ln(1 + e^x)) + x sech(ln(1 + e^x))^2 sigma(x)",
            ),
            ("x^(1/3)", "x +"),
        )
    ]
    replay = json.dumps({"derivation": "softmax_jacobian"})
    questions += [["hint", {"line": line}] for line in ("D(x^x, x)", "x", "(")]
    questions += [
        ["hint", {"line": "D(y[i], z[j])", "task": replay, "more": "line"}],
        ["task", {"task": replay, "blank": "1,3"}],
        ["task", {"task": replay, "blank": "99"}],
        ["task", {"task": '{"start": "D(x*sigma(x), x)", "where": {"y": "sigma(x)"}}'}],
        ["task", {"task": "{"}],
    ]
    for (call, given), answer in zip(questions, ask(questions)["answers"], strict=True):
        expected = json.loads(json.dumps(list(_answer.CALLS[call](**given))))
        assert answer["messages"] == expected, given


@pytest.mark.slow
def test_the_whole_corpus_in_the_pack(ask):
    compare(ask, CORPUS)


def test_what_is_inside_is_listed_with_its_licence():
    listed = {name: (version, licence) for name, version, licence, _ in lab.contents()}
    lock = json.loads((assets.MANIFEST / "package-lock.json").read_text(encoding="utf-8"))
    for name in ("pyodide", "fzstd", "katex", "minisearch", "@fontsource/stix-two-math"):
        package = lock["packages"][f"node_modules/{name}"]
        assert listed[name] == (package["version"], package["license"])
    assert all(version and licence for version, licence in listed.values())
