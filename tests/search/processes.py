"""Processes that tests start and kill: each is forked from one that has loaded the site, and so begins at once."""

from __future__ import annotations

import multiprocessing

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.search.child"])
