"""Build the book in a working folder; only one without a warning becomes the finished book."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
EDITIONS = {"student": "html", "instructor": "instructor-html"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    """Build, check, publish; return the exit status."""
    edition = os.environ.get("ACTGRAD_EDITION", "student")
    if edition not in EDITIONS:
        print(
            f"build: ACTGRAD_EDITION must be one of {', '.join(EDITIONS)}; got {edition!r}",
            file=sys.stderr,
        )
        return 2
    work = ROOT / "_build" / "work" / edition
    work.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(ROOT),
    ]
    command += ["--path-output", str(work), "-W", "-n", "--keep-going"]
    problems: list[str] = []
    with (
        (work / "build.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            plain = COLOURS.sub("", line).strip()
            if re.search(r"\b(WARNING|ERROR|CRITICAL): |^Extension error", plain):
                problems.append(plain)
            elif problems and problems[-1].startswith("Extension error"):
                problems[-1] += f" {plain}"  # what follows, to the end, is its message
            elif re.match(r"(reading sources|writing output)\.\.\. \[", plain):
                print(plain, flush=True)
    built = work / "_build" / "html"
    if process.returncode:
        return _fail(work, problems)
    missing = [page for page in pages() if not (built / page).is_file()]
    if missing:
        return _fail(work, [f"{page} was not built" for page in missing])
    finished = publish(built, ROOT / "_build" / EDITIONS[edition])
    print(f"{len(pages())} pages, 0 warnings. The book is finished:\n{finished / 'index.html'}")
    return 0


def pages() -> list[str]:
    """Return the pages that the table of contents promises."""

    def files(node: object) -> list[str]:
        if isinstance(node, list):
            return [name for item in node for name in files(item)]
        if isinstance(node, dict):
            own = [node[key] for key in ("root", "file") if key in node]
            if "glob" in node:  # the generated pages, which the build has written by now
                found = sorted(ROOT.glob(f"{node['glob']}.md"))
                own += [path.relative_to(ROOT).with_suffix("").as_posix() for path in found]
            return own + [name for value in node.values() for name in files(value)]
        return []

    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [f"{Path(name).with_suffix('')}.html" for name in files(contents)]


def publish(built: Path, target: Path) -> Path:
    """Replace the finished book by a copy of the built one, whole or not at all."""
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(built, new)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _fail(work: Path, problems: list[str]) -> int:
    log = (work / "build.log").read_text(encoding="utf-8")
    print("build: the book was not built; what stood before is unchanged.", file=sys.stderr)
    for problem in dict.fromkeys(problems):
        message, *_ = problem.split(" Traceback (most recent call last)")
        print(f"  {message}", file=sys.stderr)
    for report in re.findall(r"traceback saved in: (\S+\.log)", COLOURS.sub("", log)):
        lines = COLOURS.sub("", Path(report).read_text(encoding="utf-8")).strip().splitlines()
        print(f"  {Path(report).stem}: {lines[-1]}", file=sys.stderr)
    if not problems:
        print(
            "  " + "\n  ".join(COLOURS.sub("", log).strip().splitlines()[-12:]), file=sys.stderr
        )
    print(f"build: the whole log is {work / 'build.log'}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
