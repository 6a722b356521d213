"""Completion in a cell that is being written, from what the interpreter has."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from typing import Any

from tandem_runner.code_at import Code, call_around, code_before, expression_start
from tandem_runner.inspection import signature_of
from tandem_runner.modules import module_names, modules_in
from tandem_runner.static_values import Scope, Value, kind_of, members, resolve

MOST = 2000
"""How many matches there are at most."""

Matches = dict[str, str]
"""Jupyter's words for what they are, by the texts to insert."""


def complete(text: str, offset: int, scope: Scope) -> dict[str, Any] | None:
    """Matches, none where they are not known, and the characters that they replace; None where nothing matches."""
    code = code_before(text, offset)
    if code.comment:
        return None
    if code.open_text is not None:
        return _keys(code, code.open_text, scope)
    begun = _word_before(code.plain)
    start = offset - len(begun)
    if begun[:1].isdigit():
        return None
    matches = _imports(code.plain, begun)
    if matches is None and code.plain[:start].endswith("."):
        # What has no such members here may have some to jedi.
        return _answer(start, offset, _wanted(_members(code, start, scope), begun))
    found = _wanted(_names(text, code, start, scope) if matches is None else matches, begun)
    return _answer(start, offset, found) if found else None


def imported(text: str) -> dict[str, str]:
    """The modules that a text imports, by the names that it gives them."""
    found: dict[str, str] = {}
    for listed in re.findall(r"^[ \t]*import[ \t]+([^\n#;]+)", text, re.MULTILINE):
        for one in listed.split(","):
            module, _, name = (part.strip() for part in one.partition(" as "))
            if re.fullmatch(r"[\w.]+", module):
                found[name or module.partition(".")[0]] = module if name else module.partition(".")[0]
    for package, listed in re.findall(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+([^\n#;]+)", text, re.MULTILINE):
        for one in listed.strip("() ").split(","):
            member, _, name = (part.strip() for part in one.partition(" as "))
            if member in modules_in(package):
                found[name or member] = f"{package}.{member}"
    return found


def _word_before(plain: str) -> str:
    match = re.search(r"\w*\Z", plain)
    return match.group() if match else ""


def _imports(plain: str, begun: str) -> Matches | None:
    """Names of modules and of what is in them; None where no import is being written."""
    statement = re.search(r"(?:^|\n|;)[ \t]*((?:import|from)\b[^\n;]*(?:\([^)]*)?)\Z", plain)
    if not statement:
        return None
    written = statement.group(1)
    member = re.match(r"from\s+([\w.]+)\s+import\b(?!\s*\Z)[\s(]?(.*)\Z", written, re.DOTALL)
    if member:
        if re.search(r"\bas\s+\w*\Z", member.group(2)):
            return {}
        return {name: "instance" for name in module_names(member.group(1))}
    if re.fullmatch(r"from\s+[\w.]+\s+\w*", written):
        return {"import": "keyword"}
    module = re.search(r"(?:\A(?:from|import)\s+|,\s*)((?:\w+\.)*)\w*\Z", written)
    # `import a as …`: nothing is known of the name.
    return {name: "module" for name in modules_in(module.group(1).rstrip("."))} if module else {}


def _members(code: Code, start: int, scope: Scope) -> Matches:
    dot = len(code.plain[:start].rstrip()) - 1
    end = len(code.plain[:dot].rstrip())
    expression = code.text[expression_start(code.plain, end) : end]
    # `3.` is a number.
    return {} if not expression or expression.isdigit() else members(resolve(expression, scope, imported(code.text)))


def _names(text: str, code: Code, start: int, scope: Scope) -> Matches:
    matches: Matches = {name: "keyword" for name in keyword.kwlist}
    matches.update({name: kind_of(value) for name, value in vars(builtins).items()})
    matches.update({name: "instance" for name in _written(code_before(text, len(text)).plain)})
    matches.update({name: kind_of(value) for name, value in list(scope.items()) if type(name) is str})
    matches.update(_keywords(code, start, scope))
    return matches


def _keywords(code: Code, start: int, scope: Scope) -> Matches:
    """The names of the parameters of the call that is being written."""
    opening = call_around(code.plain, start)
    # Behind a value, or `name=`, no name of a parameter stands.
    if opening is None or not re.search(r"[(,]\s*\Z", code.plain[:start]):
        return {}
    expression = code.text[expression_start(code.plain, opening) : opening]
    called = resolve(expression, scope, imported(code.text)) if expression else None
    signature = signature_of(called.value) if isinstance(called, Value) else None
    named = () if signature is None else signature.parameters.values()
    return {f"{one.name}=": "param" for one in named if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)}


# What a text binds, as far as it can be told while it is written.
_BOUND = (
    re.compile(r"\b(?:def|class|as)[ \t]+(\w+)"),
    re.compile(r"^[ \t]*((?:\w+[ \t]*,[ \t]*)*\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE),
    re.compile(r"(\w+)[ \t]*:="),
    re.compile(r"\bfor[ \t]+([\w, \t()]+?)[ \t]+in\b"),
    re.compile(r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+([\w, \t]+)", re.MULTILINE),
    re.compile(r"\bdef[ \t]+\w+[ \t]*\(([^()]*)"),
    re.compile(r"\blambda[ \t]+([^:\n]*):"),
)


def _written(plain: str) -> Iterable[str]:
    for pattern in _BOUND:
        for listed in pattern.findall(plain):
            for one in listed.split(","):
                name = re.match(r"[\s*(]*([^\W\d]\w*)", one)
                if name and not keyword.iskeyword(name.group(1)):
                    yield name.group(1)


def _keys(code: Code, quotes: int, scope: Scope) -> dict[str, Any] | None:
    """The keys of a dict, or the columns of a table of pandas, behind `value["`."""
    before = code.plain[:quotes]
    if not before.endswith("[") or code.text[quotes : quotes + 3] in ('"""', "'''"):
        return None
    expression = code.text[expression_start(before, quotes - 1) : quotes - 1]
    whole = resolve(expression, scope, imported(code.text)) if expression else None
    if not isinstance(whole, Value):
        return None
    kind = type(whole.value)
    keys: Iterable[Any] = ()
    if kind is dict:
        keys = list(whole.value)
    elif kind.__module__.startswith("pandas.") and kind.__name__ == "DataFrame":
        keys = whole.value.columns.tolist()
    begun = code.text[quotes + 1 :]
    # A quote or a backslash would need writing in another way.
    found = {
        key: "property" for key in keys if type(key) is str and key.startswith(begun) and not set(key) & set("\"'\\\n")
    }
    return _answer(quotes + 1, len(code.text), found)


def _wanted(matches: Matches, begun: str) -> Matches:
    """Those that begin so. What has underscores in front is for those who write them."""
    hidden = "_" if not begun else "__" if begun == "_" else None
    return {
        name: kind
        for name, kind in matches.items()
        if name.startswith(begun) and not (hidden and name.startswith(hidden))
    }


def _answer(start: int, end: int, matches: Matches) -> dict[str, Any]:
    ordered = sorted(matches, key=lambda name: (not name.endswith("="), name.startswith("_"), name.lower(), name))
    return {"start": start, "end": end, "matches": [{"text": name, "kind": matches[name]} for name in ordered[:MOST]]}
