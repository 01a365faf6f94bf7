"""Mathematics is MathML, made at build time; a formula that KaTeX cannot parse is an error."""

import html
import os
import re
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import sphinxcontrib.katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from .assets import NODE

logger = logging.getLogger(__name__)

WRAPPER = Path(__file__).with_name("mathml.js")
KATEX_ERROR = re.compile(r'<span class="katex-error" title="([^"]*)"')


def report_errors(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Warn of every formula that KaTeX could not parse; the build makes warnings fatal."""
    for message in KATEX_ERROR.findall(context.get("body", "")):
        logger.warning(
            "KaTeX cannot parse a formula: %s", html.unescape(message), location=pagename
        )


# What stands before and after a formula without a space, and a number with its power of ten.
JOINED = re.compile(
    r"([(\[“]*)(<span class=\"math\">)(<math\b.*?</math>)(</span>)([^\s<]{0,12})", re.S
)
POWER = re.compile(r"(?<=\d) × (?=10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])")


# A derivation lays out the elements of its formulas itself.
DERIVATION = re.compile(r'(<table class="derivation\b.*?</table>)', re.S)


def _joined(found: re.Match[str]) -> str:
    before, start, formula, end, after = found.groups()
    if not before and not after:
        return formula
    return f"{start}{before}{formula}{after}{end}"


def keep_together(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Draw what touches a formula into its element, in which no line breaks.

    A browser would break a line between a formula and the full stop after it.
    """
    parts = DERIVATION.split(context.get("body", ""))
    parts[::2] = [JOINED.sub(_joined, part) for part in parts[::2]]
    parts[1::2] = [JOINED.sub(r"\2\1\3\5\4", part) for part in parts[1::2]]
    body = "".join(parts)
    context["body"] = POWER.sub("\u00a0×\u00a0", body)


def set_as_mathml(app: Sphinx, config: Config) -> None:
    """Let KaTeX's server load `mathml.js`, which wraps KaTeX, in its place."""
    config.katex_js_path = str(WRAPPER)


def start_server(rundir: Path, timeout: float) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start KaTeX's server and connect to it as soon as it listens.

    The library connects once the socket's file is there, which may be before node listens, and
    then gives up; a port of this machine would do, but costs 40 ms a formula.
    """
    server = sphinxcontrib.katex.KaTeXServer
    address = rundir / "katex.sock"
    command = server.build_command(socket=address)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=rundir
    )
    deadline = time.monotonic() + 6 * timeout  # a busy machine is no broken one
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(address))
        except OSError:
            connection.close()
            if time.monotonic() > deadline:
                process.kill()
                raise server.timeout_error(timeout) from None
            time.sleep(0.01)
        else:
            return process, connection


def setup(app: Sphinx) -> None:
    """Load sphinxcontrib-katex so that it runs the node that pip installed."""
    # The console script `node` would stay behind as an orphan: it is a wrapper, and only the
    # wrapper is ended. It is also not on the PATH of whoever calls jupyter-book by its path.
    sphinxcontrib.katex.NODEJS_BINARY = str(NODE)
    if os.name == "posix":
        sphinxcontrib.katex.KaTeXServer.start_server_process = start_server
    app.setup_extension("sphinxcontrib.katex")
    app.connect("config-inited", set_as_mathml)
    app.connect("html-page-context", report_errors)
    app.connect("html-page-context", keep_together)
