"""Mathematics is rendered at build time, and a formula that KaTeX cannot parse is an error."""

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
from sphinx.util import logging

from .assets import NODE

logger = logging.getLogger(__name__)

KATEX_ERROR = re.compile(r'<span class="katex-error" title="([^"]*)"')


def report_errors(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Warn of every formula that KaTeX could not parse; the build makes warnings fatal."""
    for message in KATEX_ERROR.findall(context.get("body", "")):
        logger.warning(
            "KaTeX cannot parse a formula: %s", html.unescape(message), location=pagename
        )


# What the book's formulas are set in, and the first page has few of.
FONTS = (
    *("Main-Regular", "Math-Italic", "AMS-Regular", "SansSerif-Regular"),
    *("Size1-Regular", "Size2-Regular", "Size3-Regular"),
)


def fetch_fonts_ahead(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let the first page fetch the fonts of the next ones when it has nothing else to do."""
    if pagename != app.config.root_doc:
        return
    for font in FONTS:
        address = context["pathto"](f"_static/katex/fonts/KaTeX_{font}.woff2", 1)
        link = f'<link rel="prefetch" as="font" href="{address}" />'
        context["metatags"] = f"{context.get('metatags', '')}\n{link}"


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
    app.connect("html-page-context", report_errors)
    app.connect("html-page-context", fetch_fonts_ahead)
