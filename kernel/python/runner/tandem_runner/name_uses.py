"""Where a text has a name, for an editor that changes it. The text is read, not run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

PREFIX = re.compile(r"[bfru]{1,2}['\"]", re.IGNORECASE)
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def uses_of(name: str, tree: ast.Module, text: str) -> dict[str, Any]:
    """What the text does with the name; lines from 0, columns in UTF-16 units.

    `places`: the name as a variable. `attributes`: behind a dot, with the whole chain, which starts with "" where it
    starts with no name. `imports`: the module, what is imported of it, the name that it gets, and the place of what is
    imported where that is `name`. `inner`, `outer`: all names that functions, classes and comprehensions bind, and
    that the text itself does, imports aside. `bare`: names that are read as a whole. `keywords`: whether it names an
    argument or an attribute in a pattern. `texts`: whether a string mentions it. `unclear`: whether something else may
    mean it.
    """
    reader = _Reader(name, text)
    reader.visit(tree)
    return {
        # Those of an f-string that is not understood have no place.
        "places": [one for one in reader.places if one],
        "attributes": [one for one in reader.attributes if len(one) > 1],
        "imports": reader.imports,
        "inner": sorted(reader.inner),
        "outer": sorted(reader.outer),
        "bare": sorted(reader.bare),
        "keywords": reader.keywords,
        "texts": reader.texts,
        "unclear": reader.unclear,
    }


class _Reader(ast.NodeVisitor):
    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        self._text = text
        self._lines = text.split("\n")
        self.places: list[list[int]] = []
        self.attributes: list[list[Any]] = []
        self.imports: list[list[Any]] = []
        self.inner: set[str] = set()
        self.outer: set[str] = set()
        self.bare: set[str] = set()
        self.keywords = False
        self.texts = False
        self.unclear = False
        # What the scopes around declare as global, from the outermost in.
        self._scopes: list[set[str]] = []
        self._in_annotation = False
        # What an f-string holds, in the order of its text; None for the name in a part that is text.
        self._formatted: list[list[Any] | None] | None = None

    def _bind(self, name: str | None) -> bool:
        """Whether it is one of the text's own."""
        if name is None:
            return False
        own = self._is_own(name)
        (self.outer if own else self.inner).add(name)
        return own

    def _is_own(self, name: str) -> bool:
        return not self._scopes or name in self._scopes[-1]

    def _import(self, name: str) -> None:
        if not self._is_own(name):
            self.inner.add(name)

    def _found(self, entries: list[Any], entry: list[Any], line: int, column: int) -> None:
        """Takes down a place; `column` in bytes. In an f-string, whose places older Pythons do not know, later."""
        entries.append(entry)
        if self._formatted is None:
            before = self._lines[line - 1].encode()[:column].decode()
            entry += [line - 1, _units(before)]
        else:
            self._formatted.append(entry)

    def _find(self, entries: list[Any], entry: list[Any], node: ast.AST, before: str) -> None:
        """Takes down the one place in a statement where the name stands behind what `before` matches."""
        segment = ast.get_source_segment(self._text, node) or ""  # type: ignore[arg-type]
        head = re.match(before, segment)
        found = list(self._word.finditer(segment, head.end())) if head else []
        if len(found) != 1:
            self.unclear = True
            return
        up_to = segment[: found[0].start()]
        first = self._lines[node.lineno - 1].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
        lines = (first + up_to).split("\n")
        entry += [node.lineno + len(lines) - 2, _units(lines[-1])]  # type: ignore[attr-defined]
        entries.append(entry)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.bare.add(node.id)
        else:
            self._bind(node.id)
        self._place(node)

    def _place(self, node: ast.Name) -> None:
        if node.id == self._name:
            self._found(self.places, [], node.lineno, node.col_offset)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        parts: list[ast.Attribute] = [node]
        while isinstance(value := parts[-1].value, ast.Attribute):
            parts.append(value)
        chain = [value.id if isinstance(value, ast.Name) else ""]
        if isinstance(value, ast.Name):
            self._place(value)
        else:
            self.visit(value)
        for part in reversed(parts):
            chain.append(part.attr)
            if part.attr == self._name:
                end = (part.end_col_offset or 0) - len(part.attr.encode())
                self._found(self.attributes, [list(chain)], part.end_lineno or 1, end)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._definition(node, r"(?:async\s+)?def\s+")
        self._visit_all(node.decorator_list)
        self._arguments(node.args)
        self._annotation(node.returns)
        self._inside(node.body, node.args)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._arguments(node.args)
        self._inside([node.body], node.args)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._definition(node, r"class\s+")
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self._inside(node.body)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, before: str) -> None:
        for one in getattr(node, "type_params", []):
            self.inner.add(one.name)
            self.generic_visit(one)
        if self._bind(node.name) and node.name == self._name:
            head = re.compile(before + re.escape(node.name)).match(
                self._lines[node.lineno - 1].encode()[node.col_offset :].decode()
            )
            if head is None:
                self.unclear = True
            else:
                bytes_before = len(head.group().encode()) - len(node.name.encode())
                self._found(self.places, [], node.lineno, node.col_offset + bytes_before)

    def _arguments(self, arguments: ast.arguments) -> None:
        self._visit_all([*arguments.defaults, *(one for one in arguments.kw_defaults if one is not None)])
        for one in _all_arguments(arguments):
            self._annotation(one.annotation)

    def _inside(self, body: Iterable[ast.AST], arguments: ast.arguments | None = None) -> None:
        body = list(body)
        self._scopes.append(set(_declared_global(body)))
        for one in _all_arguments(arguments) if arguments else []:
            self._bind(one.arg)
        self._visit_all(body)
        self._scopes.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        self._annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value)

    def _annotation(self, node: ast.AST | None) -> None:
        if node is None:
            return
        before, self._in_annotation = self._in_annotation, True
        self.visit(node)
        self._in_annotation = before

    def _comprehension(self, node: Any) -> None:
        self._inside(ast.iter_child_nodes(node))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815

    def visit_Global(self, node: ast.Global) -> None:
        if self._name in node.names:
            self._find(self.places, [], node, r"global\b")

    def visit_Import(self, node: ast.Import) -> None:
        for one in node.names:
            self._import(one.asname or one.name.split(".")[0])
            self.imports.append([one.name, None, one.asname or one.name.split(".")[0]])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for one in node.names:
            self._import(one.asname or one.name)
            entry = ["." * node.level + (node.module or ""), one.name, one.asname or one.name]
            if one.name == self._name:
                self._find(self.imports, entry, node, r"from\b[\s\\]*[\w.]+[\s\\]*import\b")
            else:
                self.imports.append(entry)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._otherwise(node.name)
        self.generic_visit(node)

    def _pattern(self, node: Any) -> None:
        self._otherwise(getattr(node, "name", None))
        self._otherwise(getattr(node, "rest", None))
        self.generic_visit(node)

    def visit_MatchClass(self, node: Any) -> None:
        self.keywords = self.keywords or self._name in node.kwd_attrs
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        self.keywords = self.keywords or node.arg == self._name
        self.visit(node.value)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _pattern  # noqa: N815

    def _otherwise(self, name: str | None) -> None:
        """A name that is bound where its place is not known."""
        if self._bind(name) and name == self._name:
            self.unclear = True

    def visit_Expr(self, node: ast.Expr) -> None:
        # A text for itself is documentation.
        if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        found = self._word.findall(node.value) if isinstance(node.value, str) else []
        if self._formatted is not None:
            self._formatted += [None] * len(found)
        if found:
            self.texts = True
            self.unclear = self.unclear or self._in_annotation

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if self._formatted is not None:
            self.generic_visit(node)
            return
        held: list[list[Any] | None] = []
        self._formatted = held
        self.generic_visit(node)
        self._formatted = None
        segment = ast.get_source_segment(self._text, node) or ""
        # The prefix of a string is no name.
        found = [one for one in self._word.finditer(segment) if not PREFIX.match(segment, one.start())]
        if len(found) != len(held):
            self.unclear = True
            return
        first = self._lines[node.lineno - 1].encode()[: node.col_offset].decode()
        for entry, match in zip(held, found):
            lines = (first + segment[: match.start()]).split("\n")
            if entry is not None:
                entry += [node.lineno + len(lines) - 2, _units(lines[-1])]

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    single = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *single]


def _declared_global(body: Iterable[ast.AST]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Global):
            yield from node.names
        elif not isinstance(node, (*Function, ast.ClassDef, ast.Lambda)):
            yield from _declared_global(ast.iter_child_nodes(node))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
