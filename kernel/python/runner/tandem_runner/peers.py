"""Who is connected to the runner: the kernel, and the engines."""

from __future__ import annotations

import selectors
import socket

from tandem_runner.wire import Connection


class Peers:
    """The connections to those who know the nonce. Is made when the kernel has connected."""

    def __init__(self, nonce: str, listener: socket.socket) -> None:
        self._nonce = nonce
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._peers: list[Connection] = []
        self.kernel = self._accept_kernel()

    def ready(self) -> list[Connection]:
        """Those who have said something; waits for it."""
        for peer in self._peers:
            if peer.has_more:
                return [peer]
        ready = [key.data for key, _ in self._selector.select()]
        if None in ready:
            self._accept("E")
        # What the kernel says comes before what is done with it.
        return sorted((peer for peer in ready if peer is not None), key=lambda peer: peer is not self.kernel)

    def _accept_kernel(self) -> Connection:
        while True:
            kernel = self._accept("K")
            if kernel:
                return kernel

    def _accept(self, role: str) -> Connection | None:
        """The next peer, where it knows the nonce; None where it had to be sent away."""
        peer, _ = self._listener.accept()
        expected = (self._nonce + role).encode()
        peer.settimeout(5)
        try:
            said = peer.recv(len(expected), socket.MSG_WAITALL)
        except OSError:
            said = b""
        peer.settimeout(None)
        if said != expected:
            peer.close()
            return None
        if peer.family == socket.AF_INET:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(peer)
        self._selector.register(connection, selectors.EVENT_READ, connection)
        self._peers.append(connection)
        return connection

    def drop(self, peer: Connection) -> None:
        """Of one that has gone."""
        self._selector.unregister(peer)
        self._peers.remove(peer)
        peer.close()


def listen(path: str) -> socket.socket:
    """Listens on a Unix socket at `path`, or, where that is empty, on a port of the loopback interface."""
    listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(path or ("127.0.0.1", 0))
    listener.listen()
    return listener
