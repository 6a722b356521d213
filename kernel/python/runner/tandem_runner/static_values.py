"""What names and attributes stand for; no property, `__getattr__`, `__dir__` or other code of anybody's is run."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import sys
from collections.abc import Iterable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, MethodDescriptorType, MethodType, ModuleType
from typing import Any, NamedTuple, Union, get_args, get_origin

from tandem_runner.modules import module_names, modules_in

Scope = dict[str, Any]


class Value(NamedTuple):
    """A value that is there."""

    value: Any


class Instance(NamedTuple):
    """Some value of a type."""

    type: type


class Unloaded(NamedTuple):
    """A module that nobody has imported yet."""

    name: str


Found = Union[Value, Instance, Unloaded, None]


def is_a(value: Any, kind: type) -> bool:
    """As isinstance, which asks the value for its `__class__`."""
    return issubclass(type(value), kind)


def resolve(expression: str, scope: Scope, imports: dict[str, str]) -> Found:
    """What an expression stands for. `imports`: modules by the names that the cell's own text gives them."""
    try:
        tree = ast.parse(f"({expression}\n)", mode="eval")
    except (SyntaxError, ValueError):
        return None
    return _Resolver(scope, imports).of(tree.body)


def members(found: Found) -> dict[str, str]:
    """The names behind a dot, with Jupyter's word for what they are."""
    if found is None:
        return {}
    if isinstance(found, Unloaded):
        return {name: "instance" for name in module_names(found.name)}
    names: dict[str, str] = {}
    if isinstance(found, Instance):
        classes: Iterable[type] = found.type.__mro__
    else:
        value = found.value
        own = _own(value)
        names.update({name: kind_of(member) for name, member in list(own.items()) if type(name) is str})
        if is_a(value, ModuleType):
            listed = own.get("__all__")
            if type(listed) in (list, tuple):
                names.update({name: names.get(name, "instance") for name in listed if type(name) is str})
            return names
        # A class has the names of its bases, then those of what it is an instance of.
        classes = (*type.__dict__["__mro__"].__get__(value), type) if is_a(value, type) else type(value).__mro__
    for one in classes:
        content = type.__dict__["__dict__"].__get__(one)
        for name, member in list(content.items()):
            if type(name) is str:
                names.setdefault(name, kind_of(member))
        fields = content.get("__annotations__")
        for name in fields if type(fields) is dict else ():
            names.setdefault(name, "instance")
    return names


def kind_of(member: Any) -> str:
    """Jupyter's word for what a value is."""
    if is_a(member, type):
        return "class"
    if is_a(member, ModuleType):
        return "module"
    if type(member) in (property, functools.cached_property, GetSetDescriptorType, MemberDescriptorType):
        return "property"
    if type(member) in (staticmethod, classmethod) or callable(member):
        return "function"
    return "instance"


def _own(value: Any) -> Scope:
    """The value's own `__dict__`; empty where it has none, or makes it up."""
    for one in type(value).__mro__:
        getter = type.__dict__["__dict__"].__get__(one).get("__dict__")
        if getter is not None:
            made_in_c = type(getter) in (GetSetDescriptorType, MemberDescriptorType)
            return dict(getter.__get__(value) or {}) if made_in_c else {}
    return {}


class _Resolver:
    def __init__(self, scope: Scope, imports: dict[str, str]) -> None:
        self._scope = scope
        self._imports = imports

    def of(self, node: ast.AST) -> Found:
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Constant):
            return Value(node.value)
        if isinstance(node, ast.Attribute):
            return _member(self.of(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            return self._item(node)
        if isinstance(node, ast.Call):
            return _result(self.of(node.func))
        for kind, type_ in _DISPLAYS.items():
            if isinstance(node, kind):
                return Instance(type_)
        return None

    def _name(self, name: str) -> Found:
        if name in self._scope:
            return Value(self._scope[name])
        if name in self._imports:
            module = self._imports[name]
            return Value(sys.modules[module]) if module in sys.modules else Unloaded(module)
        if name in vars(builtins):
            return Value(vars(builtins)[name])
        return None

    def _item(self, node: ast.Subscript) -> Found:
        whole = self.of(node.value)
        # Python 3.8's index nodes are gone from 3.9 on.
        key = node.slice
        if isinstance(key, ast.UnaryOp) and isinstance(key.op, ast.USub) and isinstance(key.operand, ast.Constant):
            index = -key.operand.value if type(key.operand.value) is int else None
        else:
            index = key.value if isinstance(key, ast.Constant) else None
        # Of Python's own types alone, with keys that are hashed by Python itself.
        if (
            not isinstance(whole, Value)
            or type(whole.value) not in (list, tuple, dict)
            or type(index) not in (int, str)
        ):
            return None
        try:
            return Value(whole.value[index])
        except (LookupError, TypeError):
            return None


_DISPLAYS: dict[type, type] = {
    ast.List: list,
    ast.ListComp: list,
    ast.Tuple: tuple,
    ast.Dict: dict,
    ast.DictComp: dict,
    ast.Set: set,
    ast.SetComp: set,
    ast.JoinedStr: str,
}


def _member(whole: Found, name: str) -> Found:
    if whole is None:
        return None
    if isinstance(whole, Unloaded):
        full = f"{whole.name}.{name}"
        return Value(sys.modules[full]) if full in sys.modules else Unloaded(full)
    try:
        raw = inspect.getattr_static(whole.type if isinstance(whole, Instance) else whole.value, name)
    except AttributeError:
        return _submodule(whole.value, name) if isinstance(whole, Value) else None
    if type(raw) is staticmethod:
        return Value(raw.__func__)
    owner = whole.type if isinstance(whole, Instance) else whole.value
    of_class = isinstance(whole, Value) and is_a(owner, type)
    if type(raw) is classmethod:
        return Value(MethodType(raw.__func__, owner if is_a(owner, type) else type(owner)))
    if type(raw) is FunctionType and not of_class and name not in _own_names(whole):
        return Value(MethodType(raw, owner))
    if type(raw) is MethodDescriptorType and isinstance(whole, Value) and not of_class:
        return Value(raw.__get__(owner))
    if type(raw) is property:
        return _result(Value(raw.fget))
    if type(raw) is functools.cached_property:
        return _result(Value(raw.func))
    if type(raw) in (MemberDescriptorType, GetSetDescriptorType):
        if isinstance(whole, Instance) or of_class:
            return None
        # Slots, and what C keeps: no Python code runs for these.
        try:
            return Value(raw.__get__(whole.value))
        except Exception:
            return None
    if hasattr(type(raw), "__get__") and not callable(raw):
        return None
    return Value(raw)


def _submodule(package: Any, name: str) -> Found:
    """A module of a package that the package has not loaded."""
    if not is_a(package, ModuleType):
        return None
    full = f"{vars(package).get('__name__', '')}.{name}"
    if full in sys.modules:
        return Value(sys.modules[full])
    return Unloaded(full) if name in modules_in(full.rpartition(".")[0]) else None


def _own_names(whole: Value | Instance) -> Scope:
    """Functions among these are no methods: a module's, or one in an attribute."""
    return _own(whole.value) if isinstance(whole, Value) else {}


def _result(called: Found) -> Found:
    """What a call gives: an instance of a class, or what the annotation of a function says."""
    if not isinstance(called, Value):
        return None
    function = called.value
    if is_a(function, type):
        return Instance(function)
    if type(function) is MethodType:
        function = function.__func__
    if type(function) is not FunctionType:
        return None
    hint = function.__annotations__.get("return")
    if type(hint) is str:
        found = resolve(hint, function.__globals__, {})
        hint = found.value if isinstance(found, Value) else None
    origin = get_origin(hint)
    if origin is Union:
        hint = next((one for one in get_args(hint) if one is not type(None)), None)
        origin = get_origin(hint)
    kind = origin or hint
    return Instance(kind) if is_a(kind, type) else None
