"""The server of the demo, and of production behind a proxy: loopback only. Beside it runs what works in the background
(scripts/background), which ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter

wsgi_app = "kb.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = 2
threads = 4
loglevel = "warning"
# A question of 10,000 characters deserves an answer in French: the form refuses it, not the server.
limit_request_line = 0
# Its socket would be one for all the demos of a user.
control_socket_disable = True

_background: list[subprocess.Popen[bytes]] = []


def when_ready(server: Arbiter) -> None:
    """The port is ours: the worker may start. In a session of its own: Ctrl-C reaches it through on_exit."""
    program = Path(__file__).resolve().parent / "scripts" / "background"
    command = [sys.executable, str(program), str(os.getpid())]
    _background.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))  # noqa: S603


def on_exit(server: Arbiter) -> None:
    for process in _background:
        process.terminate()
        process.wait(15)
