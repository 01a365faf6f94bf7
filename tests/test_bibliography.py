"""The bibliography prints every entry cleanly, under the label by which the text cites it."""

import re
import shutil
from html import unescape
from pathlib import Path

from actgrad.atlas import DEFINITIONS

ENTRIES = Path(__file__).parents[1] / "chapters" / "references.bib"


def plain(fragment: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", fragment)).split())


def test_entries_are_labelled_as_they_are_cited(little_book, build):
    keys = re.findall(r"(?m)^@\w+\{(\w+),", ENTRIES.read_text("utf-8"))
    shutil.copy(ENTRIES, little_book / "chapters")
    citations = "\n".join(f"- {{cite}}`{key}`" for key in keys)
    result = build(f"{citations}\n\n```{{bibliography}}\n```\n")
    assert result.returncode == 0, result.stderr
    page = (little_book / "_build" / "html" / "chapters" / "page.html").read_text("utf-8")
    cited = re.findall(r'<li><p>(.*?<a class="reference internal".*?)</p>', page)
    labels = re.findall(r'<span class="label">(.*?</span>)</span>', page)
    entries = [plain(text) for text in re.findall(r'(?s)<span class="label">.*?</div>', page)]
    assert len(keys) == len(set(keys)) == len(entries)
    assert sorted(map(plain, labels)) == sorted(map(plain, cited))
    assert [entry for entry in entries if re.search(r"[\\{}]", entry)] == []


def test_a_report_is_its_writers():
    for entry in re.split(r"(?m)^@", ENTRIES.read_text("utf-8"))[1:]:
        if re.search(r"/(issues|pull)/\d+", entry):
            assert not re.search(r"author .*(developers|authors)", entry), entry


def test_the_papers_of_the_records_are_entries():
    keys = set(re.findall(r"(?m)^@\w+\{(\w+),", ENTRIES.read_text("utf-8")))
    papers = {name: record.paper for name, record in DEFINITIONS.items() if record.paper}
    assert {name: paper for name, paper in papers.items() if paper not in keys} == {}
    assert len(papers) > 20
