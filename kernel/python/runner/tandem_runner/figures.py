"""matplotlib's figures shown in the cell."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Callable

show_figure: Callable[[Any], None] = print
"""Displays one figure; the runner puts its own here."""


def show(*_args: Any, **_options: Any) -> None:
    """Shows the open figures and closes them: `plt.show()`, and the end of each cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        pyplot.close(figure)
        show_figure(figure)


class Selector:
    """Selects our backend when pyplot is first imported, unless the user has chosen one.

    The environment variable would reach child processes, which do not have this module.
    """

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: Any = None) -> None:
        """Called for every import that is not cached; finds nothing itself."""
        if name == "matplotlib.pyplot" and "MPLBACKEND" not in os.environ:
            sys.modules["matplotlib"].use("module://tandem_runner.backend")
