"""What the engine asks: values set and read by name, functions called and timed."""

from __future__ import annotations

from types import CoroutineType
from typing import Any, Callable

from tandem_runner import spans
from tandem_runner.cells import Block, Scope, wait
from tandem_runner.conversions import as_annotated
from tandem_runner.decoder import decode
from tandem_runner.encoder import Encoder
from tandem_runner.hints import NO_HINT, return_hint, variable_hint
from tandem_runner.names import RefusedError, check_assignable, look_up
from tandem_runner.rust import RustCells
from tandem_runner.timing import Timing, time_call
from tandem_runner.values import CannotCrossError
from tandem_runner.wire import Request

Params = dict[str, Any]


class EngineRequests:
    """Answers by what the cells have defined."""

    def __init__(self, scope: Scope, rust: RustCells) -> None:
        self._scope = scope
        # The cell that ran last and its value, for `--out`.
        self.block: Block | None = None
        self.value: Any = None
        # The cells whose ints are numbers in TypeScript.
        self._int_files: set[str] = set()
        self._methods: dict[str, Callable[[Params, Encoder], Any]] = {
            "set": self._set,
            "get": self._get,
            "read": self._read,
            "call": self._call,
            "time": self._time,
            "spans": lambda _params, _encoder: spans.take(rust.native),
        }

    def cell_starts(self, file: str, *, int_as_number: bool) -> None:
        """Forgets the cell before; `int_as_number`: what functions of this one return."""
        self.block = self.value = None
        (self._int_files.add if int_as_number else self._int_files.discard)(file)

    def answer(self, request: Request, encoder: Encoder) -> Any:
        """The result, as a tree; the encoder has its buffers."""
        return self._methods[request.method](decode(request.params, request.buffers), encoder)

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
        block = self.block
        if block is not None and name in self._scope and block.binds(name):
            return self._scope[name]
        if self.value is not None:
            return self.value
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
