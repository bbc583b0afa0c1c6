"""File > Save and Export Notebook As: what a real Jupyter server offers there, and what it answers."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

pytestmark = pytest.mark.slow  # a Jupyter server; test_exporters.py has the names on every day


@pytest.fixture(scope="module")
def server(built, tmp_path_factory):
    """A server in a folder with one finished notebook: a call that returns an address's content."""
    folder = tmp_path_factory.mktemp("server")
    (source,) = [path for path in built["桑洲镇"].files if path.suffix == ".ipynb"]
    shutil.copy(source, folder / "x.ipynb")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    straight = build_opener(ProxyHandler({}))

    def get(address):
        asked = Request(f"http://127.0.0.1:{port}/{address}", headers={"Authorization": f"token {token}"})
        with straight.open(asked, timeout=60) as answer:
            return answer.read()

    with (folder / "log").open("w") as log:
        started = subprocess.Popen(command, cwd=folder, env={**os.environ, **own}, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end and started.poll() is None:
                with suppress(URLError, OSError):
                    get("api/status")
                    break
                time.sleep(0.1)
            yield get
        finally:
            started.terminate()
            started.wait(20)


def test_the_menu_offers_the_names_that_work_and_no_others(server):
    offered = json.loads(server("api/nbconvert"))
    assert {name: about["output_mimetype"] for name, about in offered.items() if "reportkit" in name} == {
        "reportkit_html": "text/html",
        "reportkit_pdf": "application/pdf",
    }


def test_an_entry_of_the_menu_gives_the_file(server, built):
    (page,) = [path for path in built["桑洲镇"].files if path.suffix == ".html"]
    assert server("nbconvert/reportkit_html/x.ipynb") == page.read_bytes()
    assert server("nbconvert/reportkit_pdf/x.ipynb").startswith(b"%PDF-")
    with pytest.raises(HTTPError):
        server("nbconvert/reportkit-html/x.ipynb")
