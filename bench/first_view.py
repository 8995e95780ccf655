"""What a first view carries over the wire, and how many queries it asks: home, list, results, sheet.

    .venv/bin/python bench/first_view.py

Serves the demo as `make demo` does (gunicorn, whitenoise) from a folder of its own, opens each page once in a browser
with an empty cache, and prints the table of docs/benchmarks.md. The yardstick is the bar of 100 kB and 20 queries.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "home": "/",
    "list": "/ressources/",
    "results": "/recherche/?q=stage",
    "sheet": "/poles/demo-3/le-velo-de-la-premiere-semaine/",
}
BYTES, QUERIES = 100_000, 20
#: What asks the database for something: neither BEGIN, COMMIT nor what SQLite is set to.
ASKS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def queries() -> dict[str, tuple[int, int]]:
    """For nobody, and for a member who may propose."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from kb.loading.accounts import person

    found: dict[str, list[int]] = {name: [] for name in PAGES}
    for reader in (None, person("enseignant")):
        client = Client(HTTP_HOST="127.0.0.1")
        if reader is not None:
            client.force_login(reader)
        for name, path in PAGES.items():
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            found[name].append(sum(query["sql"].startswith(ASKS) for query in asked))
    return {name: (counts[0], counts[1]) for name, counts in found.items()}


def weights(address: str) -> dict[str, tuple[int, int]]:
    """Bytes on the wire, headers included, and requests, of each page."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path in PAGES.items():
            context = browser.new_context()
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            loaded: list[float] = []
            session.on(
                "Network.loadingFinished", lambda event, into=loaded: into.append(event["encodedDataLength"])
            )
            page.goto(address + path, wait_until="networkidle")
            found[name] = (int(sum(loaded)), len(loaded))
            context.close()
        browser.close()
    return found


def main() -> None:
    port = free_port()
    environment = {**os.environ, "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "scripts/serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(180):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310
                break
            except (urllib.error.URLError, OSError):
                time.sleep(1)
        carried, asked = weights(address), queries()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    print(f"\n{'':10}{'bytes':>10}{'of 100 kB':>12}{'requests':>10}{'queries, nobody':>18}{'member':>9}")
    for name, (size, requests) in carried.items():
        nobody, member = asked[name]
        print(f"{name:10}{size:10,}{size / BYTES:12.2f}{requests:10}{nobody:18}{member:9}")
        if size >= BYTES or max(nobody, member) > QUERIES:
            print(f"{name}: over the bar")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings.demo"
    for name in ("DATABASE_URL", "ELASTICSEARCH_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="vivier-bench-") as folder:
        os.environ["VIVIER_VAR_DIR"] = folder
        main()
