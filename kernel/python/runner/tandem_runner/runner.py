"""The runner: answers the kernel, which runs cells, and the engine, which sets, reads and calls; one at a time."""

from __future__ import annotations

import builtins
import faulthandler
import json
import os
import socket
import sys
import sysconfig
from contextlib import suppress
from typing import Any, NoReturn

from tandem_runner import figures, spans
from tandem_runner.cells import Block, Scope
from tandem_runner.display import bundle, is_figure
from tandem_runner.encoder import Encoder
from tandem_runner.engine_requests import EngineRequests, Params
from tandem_runner.failures import describe
from tandem_runner.interpreter import gil_enabled, version
from tandem_runner.interrupts import Interrupts, end_with_kernel
from tandem_runner.main_module import new_main
from tandem_runner.names import RefusedError
from tandem_runner.output import Output, write_fully
from tandem_runner.peers import Peers, listen
from tandem_runner.questions import Questions
from tandem_runner.rust import RustCells
from tandem_runner.values import CannotCrossError
from tandem_runner.wire import Connection, Request


class KernelGoneError(BaseException):
    """The kernel has closed its connection: the runner ends."""


class Runner:
    """The state of one interpreter."""

    def __init__(self, nonce: str, listener: socket.socket, folder: str) -> None:
        self._pid = os.getpid()
        self._peers = Peers(nonce, listener)
        self._kernel = self._peers.kernel
        self._interrupts = Interrupts(lambda: self._kernel.send({"interrupted": True}))
        self._output = Output(nonce, self._kernel, self._interrupts)
        self._postponed: list[Request] = []
        # The latest reply's, with what it holds for the engine.
        self._sent = Encoder()
        self._main = new_main(folder)
        self._scope: Scope = vars(self._main)
        self._questions = Questions(self._output, self._interrupts, self._kernel, self._await_kernel)
        self._rust = RustCells()
        self._requests = EngineRequests(self._scope, self._rust)

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
                for peer in self._peers.ready():
                    self._answer(peer)
        except KernelGoneError:
            return

    def _answer(self, peer: Connection) -> None:
        if peer is self._kernel:
            self._run(self._from_kernel())
            return
        try:
            request = peer.read()
        except (EOFError, OSError):
            self._peers.drop(peer)
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
            return self._requests.answer(request, encoder)

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
        self._requests.cell_starts(file, int_as_number=params["int"])
        self._requests.block = block = Block(params["source"], file)
        self._main.cell_starts(params["source"], file)
        try:
            with spans.Span(file.rpartition(".")[0]):
                value = block.run(self._scope)
            if is_figure(value):
                sys.modules["matplotlib.pyplot"].close(value)
        finally:
            figures.show()
        if value is None:
            return
        self._requests.value = value
        vars(builtins)["_"] = value
        if block.shows_result:
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

    def _end_if_forked(self) -> None:
        """A cell that forks comes back twice; only the parent is the runner."""
        if os.getpid() != self._pid:
            os._exit(0)


def _failure(error: BaseException) -> dict[str, Any]:
    if isinstance(error, CannotCrossError):
        return {"code": "pythonCannotCross", "facts": ["a value", error.why]}
    if isinstance(error, RefusedError):
        return {"code": error.code, "facts": list(error.facts)}
    return describe(error)


def main() -> NoReturn:
    """Takes the nonce from the environment and the socket's path from the arguments, says hello, and serves."""
    nonce = os.environ.pop("TANDEM_RUNNER")
    path = sys.argv[1]
    sys.argv[:] = [""]
    # A native crash is told there: the kernel reads it when this process has ended.
    crash = open(f"{path}.crash", "w") if path else sys.stderr  # noqa: SIM115  # It stays open.
    faulthandler.enable(crash)
    listener = listen(path)
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
