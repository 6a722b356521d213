"""`input()` and `getpass.getpass()`, answered by the person at the front end."""

from __future__ import annotations

import builtins
import getpass
import json
import os
import select
import threading
from typing import Any, Callable

from tandem_runner.interrupts import Interrupts
from tandem_runner.names import RefusedError
from tandem_runner.output import Output
from tandem_runner.wire import Connection, Request


class NoAnswerError(RefusedError, EOFError):
    """Nobody can be asked: an EOFError, as `input()` has always raised at the end of its input."""


class Questions:
    """Asks the kernel, which asks the front end. One at a time, on the main thread, which alone reads what it answers."""

    def __init__(
        self, output: Output, interrupts: Interrupts, kernel: Connection, await_kernel: Callable[[str], Request]
    ) -> None:
        self._output = output
        self._interrupts = interrupts
        self._kernel = kernel
        self._await_kernel = await_kernel
        self._number = 0
        self._pid = os.getpid()

    def install(self) -> None:
        """Takes the place of `input` and of `getpass.getpass`."""
        vars(builtins)["input"] = self._input
        vars(getpass)["getpass"] = self._getpass

    def _input(self, prompt: object = "", /) -> str:
        """Reads a line of text from the person at the front end."""
        return self._ask(str(prompt), False)

    def _getpass(self, prompt: str = "Password: ", stream: Any = None, **_options: Any) -> str:
        """Reads a line of text that is not shown while it is typed."""
        return self._ask(prompt, True)

    def _ask(self, prompt: str, password: bool) -> str:
        if os.getpid() != self._pid:
            raise EOFError("A forked process cannot ask: ask before it starts.")
        if threading.current_thread() is not threading.main_thread():
            raise EOFError("Only the main thread can ask: ask before the thread starts.")
        self._output.flush()
        self._number += 1
        self._output.emit({"type": "input", "number": self._number, "prompt": prompt, "password": password})
        while True:
            # Waits where an interrupt may come, and reads where it may not.
            if not self._kernel.has_more:
                select.select([self._kernel], [], [])
            with self._interrupts.shielded():
                answer = json.loads(self._await_kernel("answer").params)
            if answer["number"] != self._number:
                continue  # Of a question that was interrupted.
            if "text" not in answer:
                raise NoAnswerError(answer["code"])
            text: str = answer["text"]
            return text
