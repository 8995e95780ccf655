"""The servers that a bench runs on, and data of its own on them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def services(folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a PostgreSQL server and of an Elasticsearch; what is started here ends here."""
    started = []

    def address(variable: str, script: str) -> str:
        if not os.environ.get(variable):
            command = [str(ROOT / "scripts" / script), "start", "--dir", str(folder / script), "--port", "0"]
            printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            started.append(script)
            return re.search(rf"^{variable}=(\S+)", printed, re.MULTILINE)[1]  # type: ignore[index]
        return os.environ[variable]

    try:
        yield address("DATABASE_URL", "postgresql"), address("ELASTICSEARCH_URL", "elasticsearch")
    finally:
        for script in started:
            subprocess.run([ROOT / "scripts" / script, "stop", "--dir", folder / script], check=False)


@contextmanager
def own_data(server: str, elasticsearch: str, name: str, *, keep: bool) -> Iterator[str]:
    """A database of our own on that server; it and our indexes go at the end."""
    import psycopg
    from elasticsearch import Elasticsearch
    from psycopg.sql import SQL, Identifier

    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        if not keep:
            from django.db import connections

            connections.close_all()
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            client = Elasticsearch(elasticsearch.split(","), request_timeout=60)
            names = list(client.indices.get(index=f"{name}-*", features="aliases").body)
            if names:
                client.indices.delete(index=names)
