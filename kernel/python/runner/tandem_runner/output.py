"""What cells print and show, in one order.

Raw text goes to file descriptors 1 and 2, so that subprocesses and native code share the way. Everything else is an
event: its content goes over the kernel's connection, and a marker in file descriptor 1 holds its place.
"""

from __future__ import annotations

import io
import os
import select
import sys
import threading
from typing import TYPE_CHECKING, Any

from tandem_runner.interrupts import Interrupts
from tandem_runner.wire import Connection

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Output:
    """The ordered output."""

    def __init__(self, nonce: str, kernel: Connection, interrupts: Interrupts) -> None:
        self._nonce = nonce
        self._kernel = kernel
        self._interrupts = interrupts
        self._place = 0
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._children = 0
        self.dirty = False
        self._c_flush: Any = None

    def install(self) -> None:
        """Takes over sys.stdout and sys.stderr."""
        self._stdout = _Stdout(self)
        sys.stdout = _text_stream(self._stdout, write_through=True)
        # Line by line, as Python always has it: each piece of stderr is an event.
        self._stderr = sys.stderr = _text_stream(_Stderr(self), line_buffering=True)

    def emit(self, event: dict[str, Any]) -> None:
        """Sends an event, placed after all output so far."""
        if os.getpid() != self._pid:
            # A forked child shares the kernel's connection, and would break into its frames.
            if "data" in event:
                write_fully(1, f"{event['data'].get('text/plain', '')}\n".encode())
            return
        # Of several threads one at a time; a finalizer may print in the midst of it, in the same thread.
        with self._interrupts.shielded(), self._lock:
            self._place += 1
            place = self._place
            self.dirty = event["type"] != "done"
            self._kernel.send({"event": {**event, "place": place}})
            marker = f"\0{self._nonce}:{place}\n".encode("latin-1")
            write_fully(1, marker)
            if event["type"] == "done":
                write_fully(2, marker)

    def stderr(self, text: bytes) -> None:
        """What Python itself writes to stderr: an event, so that it keeps its place among stdout's lines."""
        if os.getpid() == self._pid:
            self.emit({"type": "stream", "name": "stderr", "text": text.decode("utf-8", "replace")})
        else:
            write_fully(2, text)

    def flush(self) -> None:
        """Flushes the rest of stderr's last line, of threads' last lines, and what C libraries of user code hold back."""
        self._stderr.flush()
        self._stdout.flush_threads()
        if self._c_flush is None and os.name == "posix":
            ctypes = sys.modules.get("ctypes")
            self._c_flush = ctypes and ctypes.CDLL(None).fflush
        if self._c_flush:
            self._c_flush(None)

    def take_dirty(self) -> bool:
        """Whether anything may have been printed since the last time, by a finished subprocess too."""
        children = _finished_children()
        dirty = self.dirty or children != self._children
        self._children = children
        self.dirty = False
        return dirty


class _Stdout(io.RawIOBase):
    """File descriptor 1. Of the main thread nothing is held back; the other threads' lines come whole."""

    fd = 1

    def __init__(self, output: Output) -> None:
        self._output = output
        self._main = threading.get_ident()
        self._parts: dict[int, bytes] = {}

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.fd

    def write(self, data: ReadableBuffer, /) -> int:
        self._output.dirty = True
        me = threading.get_ident()
        if me == self._main:
            return write_fully(self.fd, data)
        text = bytes(data)
        # `print` writes its arguments one by one, and another thread may print between them.
        lines, newline, rest = (self._parts.pop(me, b"") + text).rpartition(b"\n")
        if rest:
            self._parts[me] = rest
        if newline:
            write_fully(self.fd, lines + newline)
        return len(text)

    def flush(self) -> None:
        if threading.get_ident() != self._main:
            write_fully(self.fd, self._parts.pop(threading.get_ident(), b""))

    def flush_threads(self) -> None:
        """Writes the unfinished lines of all threads."""
        for thread in list(self._parts):
            write_fully(self.fd, self._parts.pop(thread, b""))


class _Stderr(_Stdout):
    fd = 2

    def write(self, data: ReadableBuffer, /) -> int:
        text = bytes(data)
        self._output.stderr(text)
        return len(text)

    def flush(self) -> None:
        pass


def _text_stream(raw: io.RawIOBase, **buffering: bool) -> io.TextIOWrapper:
    # A text stream may stand on a raw one, as it does under `python -u`; only its declared type says otherwise.
    return io.TextIOWrapper(
        raw,  # type: ignore[arg-type]
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        **buffering,
    )


def write_fully(fd: int, data: ReadableBuffer) -> int:
    """Writes all of it, however full the pipe is; returns the number of bytes."""
    length = at = 0
    try:
        at = os.write(fd, data)
        length = len(memoryview(data).cast("B"))
        if at == length:
            return length
    except BlockingIOError:
        # A child process that shares the pipe has made it non-blocking.
        length = len(memoryview(data).cast("B"))
    view = memoryview(data).cast("B")
    while at < length:
        try:
            at += os.write(fd, view[at:])
        except BlockingIOError:
            select.select([], [fd], [], 1)
    return length


def _finished_children() -> int:
    """Grows whenever a child process has ended: the page faults of all of them, on Unix."""
    if sys.platform == "win32":
        return 0
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
