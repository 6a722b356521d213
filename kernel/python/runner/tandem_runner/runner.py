"""The runner: answers the kernel, which runs cells, and the engine, which sets, reads and calls; one at a time."""

from __future__ import annotations

import builtins
import faulthandler
import json
import os
import selectors
import socket
import sys
import sysconfig
from contextlib import suppress
from types import CoroutineType
from typing import Any, Callable, NoReturn

from tandem_runner import figures, spans
from tandem_runner.cells import Block, wait
from tandem_runner.conversions import as_annotated
from tandem_runner.display import bundle, is_figure
from tandem_runner.failures import describe
from tandem_runner.hints import NO_HINT, return_hint, variable_hint
from tandem_runner.interrupts import Interrupts, end_with_kernel
from tandem_runner.main_module import new_main
from tandem_runner.names import RefusedError, check_assignable, look_up
from tandem_runner.output import Output, write_fully
from tandem_runner.questions import Questions
from tandem_runner.rust import RustCells
from tandem_runner.timing import Timing, time_call
from tandem_runner.values import CannotCrossError, Encoder, decode
from tandem_runner.wire import Connection, Request

Params = dict[str, Any]
Scope = dict[str, Any]


class KernelGoneError(BaseException):
    """The kernel has closed its connection: the runner ends."""


class Runner:
    """The state of one interpreter, and its peers."""

    def __init__(self, nonce: str, listener: socket.socket, folder: str) -> None:
        self._nonce = nonce
        self._listener = listener
        self._pid = os.getpid()
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._peers: list[Connection] = []
        self._kernel = self._accept_kernel()
        self._interrupts = Interrupts(lambda: self._kernel.send({"interrupted": True}))
        self._output = Output(nonce, self._kernel, self._interrupts)
        self._postponed: list[Request] = []
        # The latest reply's, with what it holds for the engine.
        self._sent = Encoder()
        self._main = new_main(folder)
        self._scope: Scope = vars(self._main)
        self._questions = Questions(self._output, self._interrupts, self._kernel, self._await_kernel)
        # The cell that ran last and its value, for `--out`.
        self._block: Block | None = None
        self._value: Any = None
        self._rust = RustCells()
        # The cells whose ints are numbers in TypeScript.
        self._int_files: set[str] = set()
        self._methods: dict[str, Callable[[Params, Encoder], Any]] = {
            "set": self._set,
            "get": self._get,
            "read": self._read,
            "call": self._call,
            "time": self._time,
            "spans": lambda _params, _encoder: spans.take(self._rust.native),
        }

    def serve(self) -> None:
        """Answers until the kernel goes."""
        self._interrupts.take_signal()
        self._output.install()
        vars(builtins)["display"] = self._display
        self._questions.install()
        figures.show_figure = self._display
        sys.meta_path[:0] = [figures.Selector(), self._rust]
        try:
            while True:
                if self._postponed:
                    self._run(self._postponed.pop(0))
                    continue
                for peer in self._ready():
                    self._answer(peer)
        except KernelGoneError:
            return

    def _ready(self) -> list[Connection]:
        for peer in self._peers:
            if peer.has_more:
                return [peer]
        ready = [key.data for key, _ in self._selector.select()]
        if None in ready:
            self._accept("E")
        # What the kernel says comes before what is done with it.
        return sorted((peer for peer in ready if peer is not None), key=lambda peer: peer is not self._kernel)

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

    def _answer(self, peer: Connection) -> None:
        if peer is self._kernel:
            self._run(self._from_kernel())
            return
        try:
            request = peer.read()
        except (EOFError, OSError):
            self._selector.unregister(peer)
            self._peers.remove(peer)
            peer.close()
            return
        # Where the engine has gone while its call ran, its end of the socket tells so next.
        with suppress(OSError):
            self._reply(peer, request)

    def _from_kernel(self) -> Request:
        try:
            return self._kernel.read()
        except (EOFError, OSError):
            raise KernelGoneError from None

    def _reply(self, peer: Connection, request: Request) -> None:
        """Performs an engine's request."""
        # The engine has decoded the reply before.
        for fd in self._sent.files:
            os.close(fd)
        self._sent = encoder = Encoder()
        reply: dict[str, Any] = {"id": request.id}

        def perform() -> Any:
            self._rust.refresh()
            params = decode(request.params, request.buffers)
            return self._methods[request.method](params, encoder)

        try:
            reply["result"] = self._interrupts.run(perform)
            if encoder.copied:
                reply["copied"] = encoder.copied
        except BaseException as error:
            encoder.buffers.clear()
            reply["error"] = _failure(error)
        self._end_if_forked()
        self._settle(request.id)
        peer.send(reply, encoder.buffers)

    def _settle(self, call: int) -> None:
        """Waits until the kernel has handed on what a call printed: TypeScript's next line prints after it."""
        self._output.flush()
        if not self._output.take_dirty():
            return
        self._output.emit({"type": "done", "call": call})
        self._await_kernel("ack")

    def _await_kernel(self, method: str) -> Request:
        """The kernel's next message of this kind; requests that come before it are answered later."""
        while True:
            request = self._from_kernel()
            if request.method == method:
                return request
            self._postponed.append(request)

    # The kernel's requests.

    def _run(self, request: Request) -> None:
        """Runs a cell (`run`), or only says that the main thread is free (`ping`); the end is an event.

        New Rust cells (`rust`) are only taken note of; what an editor asks (`complete`, `inspect`) is answered at once.
        """
        if request.method == "answer":
            return  # To a question that was interrupted.
        if request.method == "rust":
            self._rust.add(json.loads(request.params))
            return
        if request.method in ("complete", "inspect"):
            self._look(request)
            return
        done: dict[str, Any] = {"type": "done", "id": request.id}
        if request.method == "run":
            try:
                self._interrupts.run(lambda: self._run_cell(json.loads(request.params)))
            except BaseException as error:
                done["error"] = _failure(error)
            self._end_if_forked()
            self._output.flush()
            self._output.take_dirty()
        self._output.emit(done)

    def _look(self, request: Request) -> None:
        """Answers an editor, of a cell that is being written."""
        from tandem_runner.looks import look

        self._interrupts.take_signal()
        found = look(request.method, json.loads(request.params), self._scope, self._interrupts)
        self._kernel.send({"looked": {"id": request.id, "found": found}})

    def _run_cell(self, params: Params) -> None:
        self._interrupts.take_signal()
        self._rust.refresh()
        file = params["file"]
        self._block = self._value = None
        (self._int_files.add if params["int"] else self._int_files.discard)(file)
        self._block = Block(params["source"], file)
        self._main.cell_starts(params["source"], file)
        try:
            with spans.Span(file.rpartition(".")[0]):
                value = self._block.run(self._scope)
            if is_figure(value):
                sys.modules["matplotlib.pyplot"].close(value)
        finally:
            figures.show()
        if value is None:
            return
        self._value = value
        vars(builtins)["_"] = value
        if self._block.shows_result:
            self._show("result", value)

    def _display(self, *values: Any) -> None:
        """Shows values in the cell's output."""
        for value in values:
            self._show("display", value)

    def _show(self, kind: str, value: Any) -> None:
        data, metadata = bundle(value)
        # Of this moment: an extension module that is not made for it switches the lock on again.
        about = {"python": version(), "gil": gil_enabled()}
        self._output.emit({"type": kind, "data": data, "metadata": {**metadata, "tandem": about}})

    # The engine's requests.

    def _set(self, params: Params, _encoder: Encoder) -> None:
        for name in params["values"]:
            check_assignable(name)
        self._scope.update(params["values"])

    def _get(self, params: Params, encoder: Encoder) -> dict[str, Any]:
        """The values that a cell hands out by `--out`."""
        encoder.int_as_number = params["int"]
        return {name: self._encode(self._out(name), encoder, name, variable_hint(name)) for name in params["names"]}

    def _out(self, name: str) -> Any:
        """The variable that the cell binds, else the cell's value, else a variable that was there before."""
        block = self._block
        if block is not None and name in self._scope and block.binds(name):
            return self._scope[name]
        if self._value is not None:
            return self._value
        if name in self._scope:
            return self._scope[name]
        if block is None or not block.has_value:
            raise RefusedError("pythonNoValue", name)
        return None

    def _read(self, params: Params, encoder: Encoder) -> Any:
        path = params["path"]
        value = look_up(path, self._scope)
        return self._encode(value, encoder, ".".join(path), variable_hint(path[0]) if len(path) == 1 else NO_HINT)

    def _call(self, params: Params, encoder: Encoder) -> Any:
        path = params["path"]
        function = look_up(path, self._scope)
        arguments = as_annotated(_plain(function), params["arguments"])
        with spans.Span(".".join(path)):
            value = function(*arguments)
            if isinstance(value, CoroutineType):
                value = wait(value)
        return self._encode_result(value, encoder, function, path)

    def _time(self, params: Params, encoder: Encoder) -> dict[str, Any]:
        function = look_up(params["path"], self._scope)
        timing = time_call(function, as_annotated(_plain(function), params["arguments"]), params["iterations"])
        return _timing(timing, self._encode_result(timing.result, encoder, function, params["path"]))

    def _encode_result(self, value: Any, encoder: Encoder, function: Any, path: list[str]) -> Any:
        plain = _plain(function)
        code = getattr(plain, "__code__", None)
        encoder.int_as_number = code is not None and code.co_filename in self._int_files
        return self._encode(value, encoder, f"{'.'.join(path)}(…)", return_hint(plain))

    def _encode(self, value: Any, encoder: Encoder, name: str, hint: Any = NO_HINT) -> Any:
        encoder.name = name
        try:
            return encoder.encode(value, hint)
        except CannotCrossError as error:
            raise RefusedError("pythonCannotCross", name + "".join(error.path), error.why) from None

    def _end_if_forked(self) -> None:
        """A cell that forks comes back twice; only the parent is the runner."""
        if os.getpid() != self._pid:
            os._exit(0)


def _plain(function: Any) -> Any:
    """The function that was written, beneath decorators such as functools.cache or numba.njit."""
    return getattr(function, "__wrapped__", getattr(function, "py_func", function))


def _timing(timing: Timing, result: Any) -> dict[str, Any]:
    return {
        "ns": timing.ns,
        "cpuSeconds": timing.cpu_seconds,
        "collections": timing.collections,
        "collectionNs": timing.collection_ns,
        "resident": timing.resident,
        "result": result,
    }


def _failure(error: BaseException) -> dict[str, Any]:
    if isinstance(error, CannotCrossError):
        return {"code": "pythonCannotCross", "facts": ["a value", error.why]}
    if isinstance(error, RefusedError):
        return {"code": error.code, "facts": list(error.facts)}
    return describe(error)


def version() -> str:
    """Of this interpreter: `3.13.0`."""
    return ".".join(map(str, sys.version_info[:3]))


def gil_enabled() -> bool:
    """Whether the interpreter lock is on now; before Python 3.13 it always is."""
    enabled: bool = getattr(sys, "_is_gil_enabled", lambda: True)()
    return enabled


def _listen(path: str) -> socket.socket:
    """Listens on a Unix socket at `path`, or, where that is empty, on a port of the loopback interface."""
    listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(path or ("127.0.0.1", 0))
    listener.listen()
    return listener


def main() -> NoReturn:
    """Takes the nonce from the environment and the socket's path from the arguments, says hello, and serves."""
    nonce = os.environ.pop("TANDEM_RUNNER")
    path = sys.argv[1]
    sys.argv[:] = [""]
    # A native crash is told there: the kernel reads it when this process has ended.
    crash = open(f"{path}.crash", "w") if path else sys.stderr  # noqa: SIM115  # It stays open.
    faulthandler.enable(crash)
    listener = _listen(path)
    hello = {
        "version": version(),
        "executable": sys.executable,
        "gil": gil_enabled(),
        "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "address": {"path": path} if path else {"port": listener.getsockname()[1]},
    }
    write_fully(1, f"\0{nonce}:hello {json.dumps(hello)}\n".encode())
    end_with_kernel()
    Runner(nonce, listener, os.path.dirname(path)).serve()
    sys.exit(0)
