#!/usr/bin/env python
"""Django's command line. The demo's settings are the default: nothing has to be set to try Vivier."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings.demo")
    execute_from_command_line(sys.argv)
