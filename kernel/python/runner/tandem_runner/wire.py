"""Frames between the runner and those who connect to it: the kernel and the engine."""

from __future__ import annotations

import json
import socket
import struct
import threading
from array import array
from collections import deque
from typing import Any, NamedTuple, Union

from tandem_runner.values import Node

Buffer = Union["array[Any]", bytearray, memoryview]

# A frame, little endian: length of its JSON and number of buffers (u32 each); for each buffer a kind (u8) and its
# length in bytes (u64); the buffers; the JSON. A request's JSON is two lines: `{"id", "method"}` and its parameters.
# `kernel/python/frames.ts` is the other side.
HEAD = struct.Struct("<II")
ENTRY = struct.Struct("<BQ")

# A buffer's kind: bytes, or numbers as `array` names them. The order is the one in frames.ts.
KINDS = ("", "b", "h", "H", "i", "I", "q", "Q", "f", "d")


class Request(NamedTuple):
    """What a peer asks. Its parameters are not decoded yet, since that may fail."""

    id: int
    method: str
    params: bytes
    buffers: list[Buffer]


class Connection:
    """A peer's socket. One thread reads; any thread may send."""

    def __init__(self, peer: socket.socket) -> None:
        self._socket = peer
        self._received = bytearray()
        self._unsent: deque[list[bytes | memoryview]] = deque()
        self._lock = threading.Lock()
        self._sender = 0

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def close(self) -> None:
        """Closes the socket."""
        self._socket.close()

    @property
    def has_more(self) -> bool:
        """Whether bytes are here already, so that waiting for the socket could wait too long."""
        return len(self._received) > 0

    def read(self) -> Request:
        """The next request. Raises EOFError where the peer has gone."""
        if not self._received:
            # Most requests are small and come in one piece.
            chunk = self._socket.recv(65536)
            if len(chunk) >= HEAD.size:
                length, count = HEAD.unpack_from(chunk)
                if count == 0 and len(chunk) == HEAD.size + length:
                    return _request(chunk[HEAD.size :], [])
            elif not chunk:
                raise EOFError
            self._received += chunk
        text_length, count = HEAD.unpack(self._take(HEAD.size))
        entries = [ENTRY.unpack(self._take(ENTRY.size)) for _ in range(count)]
        buffers = [self._take_buffer(kind, length) for kind, length in entries]
        return _request(self._take(text_length), buffers)

    def send(self, message: Node, buffers: list[Buffer] | None = None) -> None:
        """Sends a frame. Raises OSError where the peer has gone."""
        text = json.dumps(message).encode()
        views = [memoryview(buffer).cast("B") for buffer in buffers or ()]
        # TypeScript reads the kind of numbers from the tree: all buffers are bytes to it.
        head = HEAD.pack(len(text), len(views)) + b"".join(ENTRY.pack(0, view.nbytes) for view in views)
        self._unsent.append([head, *views, text] if views else [head + text])
        me = threading.get_ident()
        # A finalizer may print, and so send, while this very thread is sending: its frame follows the unfinished one.
        if self._sender == me:
            return
        with self._lock:
            self._sender = me
            try:
                while self._unsent:
                    for part in self._unsent.popleft():
                        self._socket.sendall(part)
            finally:
                self._sender = 0

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            chunk = self._socket.recv(65536)
            if not chunk:
                raise EOFError
            self._received += chunk
        taken = bytes(self._received[:length])
        del self._received[:length]
        return taken

    def _take_buffer(self, kind: int, length: int) -> Buffer:
        code = KINDS[kind]
        buffer: Buffer = bytearray(length) if not code else _empty(code, length)
        target = memoryview(buffer).cast("B")
        at = min(len(self._received), length)
        target[:at] = self._received[:at]
        del self._received[:at]
        while at < length:
            got = self._socket.recv_into(target[at:])
            if not got:
                raise EOFError
            at += got
        return buffer


def _request(text: bytes, buffers: list[Buffer]) -> Request:
    head, _, params = text.partition(b"\n")
    # A text: of bytes `json` would first look for the encoding.
    said = json.loads(head.decode())
    return Request(said["id"], said["method"], params, buffers)


def _empty(code: str, length: int) -> array[Any]:
    """An array of zeros, `length` bytes long."""
    one = array(code, [0])
    return one * (length // one.itemsize)
