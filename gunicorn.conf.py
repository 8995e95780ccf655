"""The server of the demo, and of production behind a proxy: loopback only. Beside it runs what works in the background
(scripts/background), which ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.http import message

wsgi_app = "kb.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = 2
threads = 4
loglevel = "warning"
# A question of 10,000 characters, each of twelve in an address, deserves an answer in French: the form refuses it. What
# is longer is nobody's question, and the server would look at it for minutes.
message.MAX_REQUEST_LINE = 2**17
limit_request_line = message.MAX_REQUEST_LINE - 1
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
