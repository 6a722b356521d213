"""What stands around a cursor in code that is being written, and need not parse. Offsets are of characters."""

from __future__ import annotations

import re
from typing import NamedTuple

STRING = "\x01"
"""Stands in `Code.plain` for each character of a text in quotes."""

# A triple-quoted text may be open until the end, another until its line's.
_PIECE = re.compile(
    r"#[^\n]*"
    r'|"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'''(?:[^\\]|\\.)*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\\?\Z)",
    re.DOTALL,
)
_OPENING = {")": "(", "]": "[", "}": "{"}
_FARTHEST = 20_000


class Code(NamedTuple):
    """The code before a cursor."""

    text: str
    plain: str
    """The same with comments as spaces and texts in quotes as `STRING`s."""
    comment: bool
    """Whether the cursor stands in a comment."""
    open_text: int | None
    """Where the quotes begin that the cursor stands in."""


def code_before(text: str, offset: int) -> Code:
    """The code before a cursor."""
    text = text[:offset]
    parts: list[str] = []
    at = 0
    comment = False
    open_text: int | None = None
    for match in _PIECE.finditer(text):
        piece = match.group()
        parts.append(text[at : match.start()])
        parts.append((" " if piece[0] == "#" else STRING) * len(piece))
        at = match.end()
        if at == len(text):
            comment = piece[0] == "#"
            open_text = None if comment or _closed(piece) else match.start()
    return Code(text, "".join(parts) + text[at:], comment, open_text)


def expression_start(plain: str, end: int) -> int:
    """Where the expression of names, calls and subscripts begins that ends at `end`; `end` where there is none."""
    start = end
    while True:
        begin = _operand_start(plain, start)
        if begin == start:
            # Nothing stands before a dot: a number's, or a mistake.
            return end if start < end else start
        start = begin
        before = plain[start - 1 : start]
        # What is called or subscripted.
        if plain[start] in "([{" and (before.isidentifier() or before in (")", "]", "}", STRING) or before.isdigit()):
            continue
        dotted = plain[:start].rstrip()
        if not dotted.endswith("."):
            return start
        start = len(dotted[:-1].rstrip())


def call_around(plain: str, end: int) -> int | None:
    """Where the innermost open parenthesis of a call stands; None where an item of a list or dict is being written."""
    depth = 0
    for at in range(end - 1, max(-1, end - _FARTHEST), -1):
        character = plain[at]
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if depth == 0:
                return at if character == "(" else None
            depth -= 1
    return None


def _operand_start(plain: str, end: int) -> int:
    """Of one name, number, text or bracket that ends at `end`."""
    if end == 0:
        return 0
    last = plain[end - 1]
    if last == STRING:
        start = end - len(plain[:end]) + len(plain[:end].rstrip(STRING))
        # r"", f"".
        return start - len(re.search(r"\w{0,2}\Z", plain[:start]).group())  # type: ignore[union-attr]
    if last in _OPENING:
        depth = 0
        for at in range(end - 1, max(-1, end - _FARTHEST), -1):
            if plain[at] in ")]}":
                depth += 1
            elif plain[at] in "([{":
                depth -= 1
                if depth == 0:
                    return at
        return end
    match = re.search(r"\w+\Z", plain[:end])
    return match.start() if match else end


def _closed(piece: str) -> bool:
    for quotes in ('"""', "'''", '"', "'"):
        if piece.startswith(quotes):
            inside = piece[len(quotes) :]
            body = inside[: -len(quotes)]
            return inside.endswith(quotes) and (len(body) - len(body.rstrip("\\"))) % 2 == 0
    return True
