"""A server for development and tests: in a directory of its own, on loopback, in the background.

It runs as whoever starts it, except as root: then under the system user `vivier`, made at need (neither
Elasticsearch nor PostgreSQL runs as root). What is known of it is one JSON record in its directory. Linux only.
"""

# ruff: noqa: S603, T201 – a program of the command line that runs other programs

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import itertools
import json
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
SYSTEM_USER = "vivier"
STOPPED = 3  # exit status of « status » for a server that does not run, as init scripts have it


def is_root() -> bool:
    return os.geteuid() == 0


def cache() -> Path:
    """Where downloads are kept. Root's home is closed to the system user, so root has a place outside it."""
    if is_root():
        return Path("/var/cache/vivier")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vivier"


def parser(doc: str, port: int) -> argparse.ArgumentParser:
    """The command line that every server shares."""
    result = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("action", choices=["start", "stop", "status"])
    result.add_argument("--dir", type=Path, help="where it lives, one server each (default: one a checkout)")
    result.add_argument("--port", type=int, default=port, help="wished port; if taken, or 0, any free one")
    return result


class Service:
    """What the operating system has to know about one server."""

    def __init__(self, name: str, directory: Path | None) -> None:
        self.directory = (directory or self._default_directory(name)).resolve()
        self.user = SYSTEM_USER if is_root() else None
        self.working = [self.directory]  #: where its processes work: it tells them from strangers
        self._record = self.directory / "service.json"

    @staticmethod
    def _default_directory(name: str) -> Path:
        if not is_root():
            return CHECKOUT / "var" / name
        # The checkout may lie where the system user may not even pass.
        return cache() / "servers" / f"{name}-{hashlib.sha256(bytes(CHECKOUT)).hexdigest()[:12]}"

    def prepare(self) -> None:
        """Makes the directory and, as root, the user who owns it."""
        if self.user:
            try:
                pwd.getpwnam(self.user)
            except KeyError:
                command = ["useradd", "--system", "--no-create-home", self.user, "--shell=/usr/sbin/nologin"]
                # Two runs may make the user at the same time: what counts is that it is there.
                made = subprocess.run(command, check=False, capture_output=True, text=True)
                with contextlib.suppress(KeyError):
                    pwd.getpwnam(self.user)
                    made.returncode = 0
                if made.returncode:
                    fail(f"L’utilisateur système {self.user} ne peut pas être créé : {made.stderr.strip()}")
        self.make(self.directory)
        reachable = self.run(["test", "-w", str(self.directory)], check=False)
        if reachable.returncode:
            fail(f"L’utilisateur {self.user} n’a pas accès à {self.directory} : choisissez un autre --dir.")

    def make(self, directory: Path) -> None:
        """A directory that the server's user owns and nobody else reads."""
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        self.give(directory)

    def give(self, path: Path) -> None:
        if self.user:
            shutil.chown(path, self.user)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Two commands on the same server take turns."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with self.directory.with_name(self.directory.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self) -> dict[str, Any]:
        """The record, or an empty one when the server was never started."""
        try:
            return dict(json.loads(self._record.read_text()))
        except FileNotFoundError:
            return {}

    def write(self, record: dict[str, Any]) -> None:
        scratch = self._record.with_suffix(".new")
        scratch.write_text(json.dumps(record, indent=1))
        scratch.replace(self._record)

    def run(self, command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A short command as the server's user; its output is shown when it fails and had to succeed."""
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", user=self.user, group=self._group()
        )
        if check and done.returncode:
            fail(f"{command[0]} a échoué :\n{done.stdout}{done.stderr}")
        return done

    def spawn(
        self, command: Sequence[str], log: Path, *, cwd: Path, env: dict[str, str] | None = None
    ) -> int:
        """Starts the server, which outlives this program, and returns the number of its process group."""
        with log.open("ab") as output:
            self.give(log)
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=cwd,
                env=env,
                user=self.user,
                group=self._group(),
                extra_groups=[] if self.user else None,
            ).pid

    def living(self, group: int) -> bool:
        """Whether a process of this group runs.

        The group's number may have gone to a stranger since. Zombies do not count: nobody reaps them where there
        is no init.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, _, process_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(process_group) != group or state in "ZX":
                    continue
                place = (process / "cwd").readlink()
                if any(place.is_relative_to(known) for known in self.working):
                    return True
        return False

    def end(self, group: int, polite: signal.Signals, seconds: float) -> None:
        """Asks the head of the group to end; after so many seconds the whole group is killed."""
        if not self.living(group):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(group, polite)
        if not until(lambda: not self.living(group), seconds):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            until(lambda: not self.living(group), 10)

    def _group(self) -> int | None:
        return pwd.getpwnam(self.user).pw_gid if self.user else None


def until(condition: Any, seconds: float) -> bool:
    """Waits for the condition, at most so long; tells whether it came."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(wished: Sequence[int]) -> list[int]:
    """The wished ports when they are all free, else as many others, below those that the kernel gives away."""
    if all(port and is_free(port) for port in wished):
        return list(wished)
    found = (port for port in random.sample(range(20_000, 32_000), 1000) if is_free(port))
    return list(itertools.islice(found, len(wished)))


def tail(log: Path, lines: int = 25) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def say(text: str) -> None:
    """Progress, beside the answer on the standard output."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> None:
    raise SystemExit(text)
