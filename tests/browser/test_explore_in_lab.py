"""The explorer as a user meets it: JupyterLab in a real browser, a slider moved with the arrow keys."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab")
pytest.importorskip("ipywidgets")
webdriver = pytest.importorskip("selenium.webdriver")

from selenium.webdriver.common.by import By  # noqa: E402 - only where selenium is there
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "explore.ipynb"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
LONGEST = 60
STALE = (By.CSS_SELECTOR, ".sib-sure.sib-stale")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason="chromium or chromedriver is not installed"),
]

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1280,900",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip

RUN_ALL = """
const done = arguments[arguments.length - 1];
(async () => {
  const app = window.jupyterapp;
  await app.restored;
  const widget = await new Promise(found => {
    const look = () => app.shell.currentWidget?.context ? found(app.shell.currentWidget) : setTimeout(look, 50);
    look();
  });
  await widget.context.ready;
  await widget.sessionContext.ready;
  await widget.sessionContext.session.kernel.info;
  await app.commands.execute('notebook:run-all-cells');
  done('ran');
})().catch(error => done('failed: ' + error));
"""


def folders(home: Path) -> dict[str, str]:
    """Every folder that Jupyter would otherwise look for in the user's home, in a new one."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
             "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")  # fmt: skip
    found = {name: home / name.lower() for name in names}
    for folder in found.values():
        folder.mkdir()
    quiet = found["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    news = quiet / "notification.jupyterlab-settings"
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    return {name: str(folder) for name, folder in found.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with everything that it started."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, ending)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(LONGEST * 10):
        assert process.poll() is None, "JupyterLab ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not answer within {LONGEST} s")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab whose folder holds the notebook."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    shutil.copy(NOTEBOOK, work / "x.ipynb")
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--expose-app-in-browser",
        f"--ServerApp.root_dir={work}",
    ]  # fmt: skip
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **folders(home)}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=str(DRIVER)))
    driver.set_script_timeout(LONGEST)
    try:
        yield driver
    finally:
        driver.quit()


def opened(browser: webdriver.Chrome, lab: str) -> None:
    """The notebook open, all its cells run, the explorer on the screen with its picture."""
    browser.get(f"{lab}/lab/tree/x.ipynb?reset")
    WebDriverWait(browser, LONGEST).until(lambda b: b.execute_script("return !!window.jupyterapp"))
    assert browser.execute_async_script(RUN_ALL) == "ran"
    WebDriverWait(browser, LONGEST).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".sib-chart svg"))


def text_of(browser: webdriver.Chrome, selector: str) -> str:
    return str(browser.find_element(By.CSS_SELECTOR, selector).text)


def markup_of(browser: webdriver.Chrome, selector: str) -> str:
    return str(browser.find_element(By.CSS_SELECTOR, selector).get_attribute("innerHTML"))


def hosts_asked(browser: webdriver.Chrome) -> set[str]:
    """Every host to which the page sent a request."""
    import json
    from urllib.parse import urlsplit

    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).hostname or "" for url in sent if urlsplit(url).scheme in ("http", "https", "ws", "wss")}


def test_a_moved_slider_changes_the_figures_and_the_picture(
    browser: webdriver.Chrome, lab: str, tmp_path: Path
) -> None:
    opened(browser, lab)
    figures, picture = text_of(browser, ".sib-figures"), markup_of(browser, ".sib-chart")
    assert "CIFF pays" in figures
    handle = browser.find_element(By.CSS_SELECTOR, ".sib-knobs .noUi-handle")
    for _ in range(5):
        handle.send_keys(Keys.ARROW_RIGHT)
    wait = WebDriverWait(browser, 10, poll_frequency=0.02)
    wait.until(lambda b: text_of(b, ".sib-figures") != figures)
    wait.until(lambda b: markup_of(b, ".sib-chart") != picture)
    wait.until(lambda b: "How sure is that?" in text_of(b, ".sib-sure") and not b.find_elements(*STALE))
    assert text_of(browser, ".sib-message") == ""
    shot = tmp_path / "explorer.png"
    assert browser.save_screenshot(str(shot))
    assert shot.stat().st_size > 20_000
    assert hosts_asked(browser) == {"127.0.0.1"}
