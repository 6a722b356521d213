"""Memory that Python and the engine both map: anonymous files, on Linux. `kernel/python/shared.ts` is the other side.

Memory of `tandem.array` is known by its file's inode for as long as this process uses it; other large arrays are copied
into a file that the other side then owns.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections import deque
from typing import Any, Callable, NamedTuple
from weakref import WeakValueDictionary

LARGE = 128 * 1024
"""From this size on, in bytes, a file is faster than the socket."""


class Memory(mmap.mmap):
    """A mapping of a file, whose descriptor stays open as long as the mapping is used."""

    fd: int
    inode: str
    address: int

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        # At the interpreter's end the module's own names are gone.
        close(self.fd)


class Place(NamedTuple):
    """Where a buffer lies in shared memory, and from which byte on."""

    memory: Memory
    offset: int


_known: WeakValueDictionary[str, Memory] = WeakValueDictionary()
_latest: deque[Memory] = deque(maxlen=4)
"""What calls in a loop use is not mapped anew each time."""


def available() -> bool:
    """Whether this system has such files."""
    return sys.platform == "linux"


def allocate(length: int) -> Memory:
    """Zeroed memory that the engine can map, `length` bytes, more than none."""
    fd = os.memfd_create("tandem", os.MFD_CLOEXEC)
    os.ftruncate(fd, length)
    return _remember(_map(fd, length))


def open_shared(path: str, inode: str) -> Memory:
    """The memory at a place that TypeScript names: the mapping that is here already, or a new one."""
    memory = _known.get(inode)
    if memory is None:
        memory = _remember(take_file(path))
        _latest.append(memory)
    return memory


def take_file(path: str) -> Memory:
    """What TypeScript has copied into a file for this process."""
    fd = os.open(path, os.O_RDWR)
    return _map(fd, os.fstat(fd).st_size)


def copy_to_file(view: memoryview) -> int:
    """A copy in a file for the engine: its descriptor, to be closed when the engine has opened it."""
    fd = os.memfd_create("tandem", os.MFD_CLOEXEC)
    rest = view.cast("B")
    while rest:
        rest = rest[os.write(fd, rest) :]
    return fd


def path_of(fd: int) -> str:
    """How another process opens the file of a descriptor."""
    return f"/proc/{os.getpid()}/fd/{fd}"


def place_of(view: memoryview) -> Place | None:
    """Where in shared memory a contiguous buffer lies; None for memory of this process alone."""
    if not _known or view.readonly:
        return None
    address = _address(view)
    for memory in list(_known.values()):
        offset = address - memory.address
        if 0 <= offset and offset + view.nbytes <= len(memory):
            return Place(memory, offset)
    return None


def _map(fd: int, length: int) -> Memory:
    memory = Memory(fd, length)
    memory.fd = fd
    return memory


def _remember(memory: Memory) -> Memory:
    memory.inode = str(os.fstat(memory.fd).st_ino)
    memory.address = _address(memory)
    _known[memory.inode] = memory
    return memory


def _address(buffer: Any) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))
