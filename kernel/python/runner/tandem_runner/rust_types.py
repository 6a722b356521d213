"""Rust's types as Python's: classes of instances, dataclasses of structs and variants, enums, arrays of numbers."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator
from typing import Any

from tandem_runner.rust_signatures import Function, annotation, python_name

Definition = dict[str, Any]
Member = tuple[Function, Any]
MODULE = "tandem_rust"


class Types:
    """The Python types of all loaded cells."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self._instance = _instance_class(native)
        native.use_block(_array_class(native))
        # By cell and name: builds of one cell share theirs.
        self._made: dict[tuple[str, str], Any] = {}

    def make(
        self, cell: str, identity: str, exports: dict[str, Any], members: list[Member]
    ) -> Iterator[tuple[Definition, Any]]:
        """The types that a cell declares, each with its definition.

        `cell`: its crate; `identity`: the same for each of its builds.
        """
        thrown = {one["error"]["value"].get("path") for one, _ in members if (one["error"] or {}).get("kind") == "data"}
        for definition in exports["types"]:
            path = definition["path"]
            if not path.startswith("crate::"):
                continue
            kind = definition["shape"]["kind"]
            key = (identity, definition["name"])
            own = [member for member in members if member[0]["owner"] == definition["name"]]
            if key not in self._made:
                self._made[key] = self._type(definition, own, path in thrown)
            made, objects = self._made[key]
            self._native.define(cell + path[len("crate") :], objects)
            if kind != "lazy" and (kind != "tuple" or own):
                yield definition, made

    def _type(self, definition: Definition, own: list[Member], thrown: bool) -> tuple[Any, list[Any]]:
        """The type, and the objects that make its values: of an enum one for each variant."""
        shape = definition["shape"]
        name = definition["name"].rpartition("::")[2]
        if shape["kind"] in ("class", "lazy"):
            made: Any = self._class(definition, name, own)
            return made, [made]
        bases = (self._native.RustError,) if thrown else ()
        if shape["kind"] == "struct":
            made = _dataclass(name, shape["fields"], bases, definition["doc"])
            objects = [made]
        elif shape["kind"] == "enum":
            made, objects = _enum(name, shape["variants"], bases, definition["doc"])
        else:
            # A tuple crosses as itself: what belongs to it stands in a class without instances.
            made, objects = type(name, (), _head(name, definition["doc"])), []
        for signature, value in own:
            if signature["role"] == "constant":
                setattr(made, python_name(signature["name"]), value())
            elif signature["role"] in ("method", "static"):
                setattr(made, _method_name(signature["name"]), value)
        return made, objects

    def _class(self, definition: Definition, name: str, own: list[Member]) -> type:
        """A class whose instances stay in Rust."""
        body = {**_head(name, definition["doc"]), "__slots__": ()}
        setters = {one["name"]: value for one, value in own if one["role"] == "setter"}
        getters = {one["name"]: (one, value) for one, value in own if one["role"] == "getter"}
        for field in [*getters, *(field for field in setters if field not in getters)]:
            one, get = getters.get(field, ({"doc": ""}, None))
            body[python_name(field)] = property(get, setters.get(field), doc=one["doc"] or None)
        for one, value in own:
            if one["role"] == "static" and one["name"] == "new" and not one["async"]:
                body["__new__"] = self._native.constructor(value)
                body["__signature__"] = value.__signature__
            if one["role"] in ("method", "static"):
                body[_method_name(one["name"])] = value
            elif one["role"] == "constant":
                body[python_name(one["name"])] = value()
        if definition["shape"]["kind"] == "lazy" or definition["shape"].get("iterator"):
            following = next(value for one, value in own if one["name"] == "next")
            body.update(_iterator(following, definition["shape"]["kind"] == "lazy"))
        body["_fields"] = tuple(map(python_name, getters))
        return type(name, (self._instance,), body)


def _instance_class(native: Any) -> type:
    class Instance(native.Instance):  # type: ignore[misc]
        """An instance of a Rust struct: dropped with its last reference, or at the end of its `with` block."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            native.dispose(self)

        def __repr__(self) -> str:
            name = type(self).__qualname__
            try:
                return f"{name}({', '.join(f'{field}={getattr(self, field)!r}' for field in self._fields)})"
            except RuntimeError:
                return f"<{name} moved or dropped>"

    return Instance


def _array_class(native: Any) -> type:
    class Array(native.Block):  # type: ignore[misc]
        """Numbers that Rust has made, in Rust's memory; numpy.asarray and memoryview take them without a copy."""

        __slots__ = ()
        __hash__ = None  # type: ignore[assignment]

        def __len__(self) -> int:
            return len(memoryview(self))

        def __getitem__(self, key: Any) -> Any:
            part = memoryview(self)[key]
            return part.tolist() if isinstance(key, slice) else part

        def __setitem__(self, key: Any, value: Any) -> None:
            memoryview(self)[key] = value

        def __iter__(self) -> Any:
            return iter(memoryview(self))

        def __eq__(self, other: object) -> Any:
            if isinstance(other, (list, tuple)):
                return len(self) == len(other) and all(a == b for a, b in zip(self, other))
            try:
                return memoryview(self) == memoryview(other)  # type: ignore[arg-type]
            except TypeError:
                return NotImplemented

        def __repr__(self) -> str:
            view = memoryview(self)
            shown = view[:8].tolist()
            more = f", … {len(view):,} in all" if len(view) > len(shown) else ""
            return f"Array('{view.format}', [{', '.join(map(repr, shown))}{more}])"

        def tolist(self) -> list[Any]:
            """The numbers as a list."""
            return memoryview(self).tolist()

    Array.__module__ = MODULE
    Array.__qualname__ = "Array"
    return Array


def _head(name: str, doc: str) -> dict[str, Any]:
    return {"__module__": MODULE, "__qualname__": name, "__doc__": doc or None}


def _dataclass(name: str, fields: list[Any], bases: tuple[type, ...], doc: str, kind: str | None = None) -> Any:
    """A dataclass. One of an enum's variants tells its name in `kind`, as TypeScript's objects do."""
    all_fields: list[Any] = []
    if kind is not None:
        tag = dataclasses.field(default=kind, init=False, repr=False, compare=False)
        all_fields.append(("kind", str, tag))
    all_fields += [(python_name(field["name"]), annotation(field["type"])) for field in fields]
    # An exception is compared and hashed by what it is.
    is_error = any(issubclass(base, BaseException) for base in bases)
    qualified = f"{bases[0].__qualname__}.{name}" if kind is not None else name
    made = dataclasses.make_dataclass(name, all_fields, bases=bases, namespace=_head(qualified, doc), eq=not is_error)
    # Python 3.12 and later name the module that made it.
    made.__module__, made.__qualname__ = MODULE, qualified
    return made


def _enum(name: str, variants: list[Any], bases: tuple[type, ...], doc: str) -> tuple[Any, list[Any]]:
    """An `enum.Enum` of strings where no variant holds anything; else a class with a dataclass for each variant."""
    if not bases and all(one["fields"]["kind"] == "unit" for one in variants):
        names = {python_name(one["name"]): one["name"] for one in variants}
        make: Any = enum.Enum
        plain = make(name, names, type=str, module=MODULE)
        plain.__doc__ = doc or None
        plain.__str__ = lambda self: str(self.value)
        return plain, list(plain)
    base = type(name, bases, _head(name, doc))
    objects = []
    for one in variants:
        fields = one["fields"]
        if fields["kind"] == "named":
            held = fields["fields"]
        elif fields["kind"] == "tuple":
            single = len(fields["elements"]) == 1
            whole = fields["elements"][0] if single else {"kind": "tuple", "elements": fields["elements"]}
            held = [{"name": "value" if single else "values", "type": whole}]
        else:
            held = []
        variant = _dataclass(one["name"], held, (base,), one["doc"], kind=one["name"])
        setattr(base, python_name(one["name"]), variant)
        objects.append(variant)
    return base, objects


def _iterator(following: Any, boxed: bool) -> dict[str, Any]:
    """`boxed`: each item comes in a tuple of its own, so that one that is None is told from the end."""

    def next_item(self: Any) -> Any:
        item = following(self)
        if item is None:
            raise StopIteration
        return item[0] if boxed else item

    return {"__iter__": lambda self: self, "__next__": next_item}


def _method_name(name: str) -> str:
    """What Display writes is what `str` gives."""
    return "__str__" if name == "toString" else python_name(name)
