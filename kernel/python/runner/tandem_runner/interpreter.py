"""What this interpreter is."""

from __future__ import annotations

import sys


def version() -> str:
    """Of this interpreter: `3.13.0`."""
    return ".".join(map(str, sys.version_info[:3]))


def gil_enabled() -> bool:
    """Whether the interpreter lock is on now; before Python 3.13 it always is."""
    enabled: bool = getattr(sys, "_is_gil_enabled", lambda: True)()
    return enabled
