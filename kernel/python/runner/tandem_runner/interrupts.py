"""Interrupts: a KeyboardInterrupt in user code, and never in the runner's own."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Callable, TypeVar

Result = TypeVar("Result")


class _OverdueError(BaseException):
    """Work that has a limit goes beyond it."""


class Interrupts:
    """Owns SIGINT. Of the main thread alone, where Python runs signal handlers."""

    def __init__(self, on_interrupt: Callable[[], None]) -> None:
        self._on_interrupt = on_interrupt
        self._in_user_code = False
        self._pending = False
        self._limited = False
        self._overdue = False
        self._main = threading.get_ident()
        self._pid = os.getpid()
        self._handler = self._on_signal  # Each look at the method makes a new object.

    def take_signal(self) -> None:
        """Takes SIGINT, which user code may have taken away."""
        if signal.getsignal(signal.SIGINT) is not self._handler:
            signal.signal(signal.SIGINT, self._handler)

    def run(self, work: Callable[[], Result]) -> Result:
        """Runs user code; an interrupt raises KeyboardInterrupt in it."""
        try:
            self._pending = False
            self._in_user_code = True
            result = work()
            self._in_user_code = False
            return result
        except BaseException:
            self._in_user_code = False
            raise

    def within(self, seconds: float, work: Callable[[], Result]) -> Result | None:
        """Runs work of the runner's, ended after so many seconds; None then. An interrupt of the user's waits."""

        def stop() -> None:
            self._overdue = True
            _thread.interrupt_main()

        timer = threading.Timer(seconds, stop)
        # It has ended before user code runs again, which may fork.
        try:
            self._limited = True
            timer.start()
            result = work()
            self._limited = False
            return result
        except _OverdueError:
            return None
        finally:
            self._limited = False
            timer.cancel()
            timer.join()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Around the runner's own work amid user code: an interrupt waits for its end. Other threads pass through."""
        if threading.get_ident() != self._main or not self._in_user_code:
            yield
            return
        self._in_user_code = False
        try:
            yield
        finally:
            self._in_user_code = True
            if self._pending:
                self._raise()

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        if os.getpid() != self._pid:
            # A forked child: all of it is user code, and it has nobody to tell.
            raise KeyboardInterrupt
        if self._overdue:
            self._overdue = False
            if self._limited:
                self._limited = False
                raise _OverdueError
        elif self._in_user_code:
            self._raise()
        else:
            self._pending = True

    def _raise(self) -> None:
        self._pending = False
        self._in_user_code = False
        self._on_interrupt()
        self._in_user_code = True
        raise KeyboardInterrupt


def end_with_kernel() -> None:
    """Sees to it that this process and its children end with the kernel, which holds the other end of stdin.

    On Unix no thread waits for that, since a process with threads cannot fork safely: the operating system sends
    SIGIO to the process group when the other end closes, and SIGIO ends a process unless it is caught.
    """
    lifeline = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    if sys.platform == "win32":
        threading.Thread(target=_follow, args=(lifeline,), daemon=True).start()
        return
    import fcntl

    # The group is its own where the kernel started it; anyone else's is not to be ended.
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpid() if os.getpgrp() == os.getpid() else os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _follow(lifeline: int) -> None:
    """On Windows, which has no signals: each byte is an interrupt, and the end is the kernel's."""
    import _thread

    while os.read(lifeline, 1):
        _thread.interrupt_main()
    os._exit(1)
