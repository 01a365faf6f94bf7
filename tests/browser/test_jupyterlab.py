"""JupyterLab with a live kernel: the same explorers, their state two-way."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import jupyter_client
import nbformat
import pytest

pytestmark = pytest.mark.browser

CELLS = [
    "from actgrad.derivations import sigmoid_by_chain_rule\n"
    "from actgrad.explorers import ActivationExplorer, DerivationStepper, explore\n"
    'e = ActivationExplorer("sigmoid")\ne',
    "stepper = DerivationStepper(sigmoid_by_chain_rule())\nstepper",
    "import numpy as np\nmine = explore(np.tanh, lambda x: 1 - np.tanh(x))\nmine",
    "from actgrad.exercises import answer_box\n"
    'box = answer_box("sigmoid-second-derivative")\nbox',
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own folders; yields its address and its folder of run-time files."""
    pytest.importorskip("jupyterlab")
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explorers.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=test"]
    command += [
        f"--notebook-dir={folder}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    address = f"http://127.0.0.1:{port}"
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/api?token=test", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None, (folder / "lab.log").read_text()
                    time.sleep(0.5)
            yield address, folder / "runtime"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def notebook(lab, chromium):
    """The notebook, run from top to bottom, and a client of its kernel."""
    address, runtime = lab
    context = chromium.new_context(viewport={"width": 1300, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{address}/lab/tree/explorers.ipynb?token=test")
    page.get_by_text("Python 3", exact=False).first.wait_for()
    from playwright.sync_api import TimeoutError as TooLate

    plot = page.locator(".actgrad .actgrad-plot").first
    for _ in range(5):
        # Cells run before the kernel listens are lost on a busy machine.
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(TooLate):
            plot.wait_for(timeout=30_000)
            break
    plot.wait_for(timeout=1_000)
    with urllib.request.urlopen(f"{address}/api/kernels?token=test") as answer:
        kernel = json.load(answer)[0]["id"]
    client = jupyter_client.BlockingKernelClient(
        connection_file=str(runtime / f"kernel-{kernel}.json")
    )
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield page, client
    client.stop_channels()
    context.close()


def ask(client, expression):
    reply = client.execute("", user_expressions={"answer": expression}, reply=True, timeout=60)
    answer = reply["content"]["user_expressions"]["answer"]
    assert answer["status"] == "ok", answer
    return answer["data"]["text/plain"]


def until(check):
    for _ in range(100):
        if check():
            return True
        time.sleep(0.1)
    return False


def test_a_drag_reaches_python(notebook):
    page, client = notebook
    handle = page.get_by_role("slider", name="Point x on the curve")
    handle.scroll_into_view_if_needed()
    assert ask(client, "e.x") == "1.0"
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    assert until(lambda: float(ask(client, "e.x")) > 1.5)
    shown = page.locator('.actgrad [data-name="x"]').get_attribute("data-value")
    assert until(lambda: ask(client, "e.x") == shown)
    page.get_by_role("button", name="Zoom in").click()
    assert until(lambda: ask(client, "e.x_range") != "(-8.0, 8.0)")


def test_a_change_in_python_moves_the_page(notebook):
    page, client = notebook
    client.execute("e.x = -2.5", reply=True, timeout=60)
    page.locator('.actgrad [data-name="x"][data-value="-2.5"]').wait_for()
    client.execute('e.function = "softplus"', reply=True, timeout=60)
    page.get_by_label("β").first.wait_for()
    client.execute('e.parameters = {"beta": 4.0}', reply=True, timeout=60)
    assert until(lambda: abs(float(page.get_by_label("β").first.input_value()) - 4) < 0.1)


def test_the_stepper_takes_the_markdown_above_it(notebook):
    page, client = notebook
    stepper = page.locator(".actgrad-stepper")
    stepper.scroll_into_view_if_needed()
    # The first is the derivation, the second the report that is folded under it.
    rows = page.locator("table", has_text="chain rule").first.locator("tbody tr")
    assert until(lambda: sum(r.is_visible() for r in rows.all()) == 1)
    assert ask(client, "stepper.lines") == str(rows.count())
    stepper.get_by_role("button", name="Next line").click()
    assert until(lambda: sum(r.is_visible() for r in rows.all()) == 2)
    assert until(lambda: ask(client, "stepper.step") == "2")


def test_enter_checks_the_answer(notebook):
    page, client = notebook
    field = page.get_by_label("Your answer")
    field.click()
    page.keyboard.type("1-2*y")
    page.keyboard.press("Enter")
    page.locator(".actgrad-answer [data-status=wrong]").wait_for(timeout=5_000)
    assert until(lambda: ask(client, "box.answer, box.status") == "('1-2*y', 'wrong')")


def test_a_readers_bug_becomes_visible(notebook):
    page, client = notebook
    page.get_by_text("Gradient and finite difference disagree at").first.wait_for()
    assert "disagree" in ask(client, "mine.notices[0]")
    client.execute("mine.x.value = 2.5", reply=True, timeout=60)
    page.get_by_text("0.9866143").first.wait_for()
