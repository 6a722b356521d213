"""Values as MIME bundles, by the methods that Jupyter's objects have."""

from __future__ import annotations

import base64
import io
import sys
from typing import Any

METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}

Bundle = dict[str, Any]


def bundle(value: Any) -> tuple[Bundle, dict[str, Any]]:
    """The MIME bundle of a value and its metadata. What its own `__repr__` raises is raised."""
    data: Bundle = {}
    metadata: dict[str, Any] = {}
    # A class has the methods of its instances, unbound.
    if not isinstance(value, type):
        if is_figure(value):
            data["image/png"] = _base64(png(value))
        whole = _call(value, "_repr_mimebundle_")
        if isinstance(whole, tuple):
            whole, metadata = whole
        data.update(whole or {})
        for method, mime in METHODS.items():
            if mime not in data:
                _add(value, method, mime, data, metadata)
    data.setdefault("text/plain", repr(value))
    return {mime: _base64(part) if isinstance(part, bytes) else part for mime, part in data.items()}, metadata


def _add(value: Any, method: str, mime: str, data: Bundle, metadata: dict[str, Any]) -> None:
    part = _call(value, method)
    if isinstance(part, tuple):
        part, metadata[mime] = part
    if part is not None:
        data[mime] = part


def _call(value: Any, method: str) -> Any:
    """What a display method returns; None where the value has none or it fails, as its `repr` is still there."""
    try:
        return getattr(value, method)()
    except AttributeError:
        return None
    except Exception as error:
        print(f"{type(value).__name__}.{method} failed: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def png(figure: Any) -> bytes:
    """A matplotlib figure's picture."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return file.getvalue()


def is_figure(value: Any) -> bool:
    """Whether it is a figure of matplotlib's."""
    figures = sys.modules.get("matplotlib.figure")
    return figures is not None and isinstance(value, figures.Figure)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
