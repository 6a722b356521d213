"""What an editor asks of a cell that is being written, answered within the time that it waits."""

from __future__ import annotations

import time
from typing import Any

from tandem_runner import completion, inspection, with_jedi
from tandem_runner.interrupts import Interrupts

Params = dict[str, Any]


def look(method: str, params: Params, scope: dict[str, Any], interrupts: Interrupts) -> Any:
    """The answer to `complete` or `inspect`; None where nothing is known or time is up. `until`: in ms since 1970."""

    def ask(where: Any) -> Any:
        left = params["until"] / 1000 - time.time()
        if left <= 0:
            return None
        work = where.complete if method == "complete" else where.inspect_at
        try:
            return interrupts.within(left, lambda: work(params["text"], params["offset"], scope))
        except Exception:
            # Code that is being written may be anything.
            return None

    found = ask(inspection if method == "inspect" else completion)
    unknown = found is not None and not found.get("matches" if method == "complete" else "signature")
    # Its import is not to be ended half way.
    if unknown and with_jedi.load():
        found = ask(with_jedi)
    return found or None
