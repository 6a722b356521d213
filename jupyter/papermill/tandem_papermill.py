"""Papermill's parameters for Tandem's notebooks, as TypeScript.

    python -m tandem_papermill in.ipynb out.ipynb -p name value    # papermill's own command line

Installed by pip, `papermill` itself knows how: its entry point is loaded when papermill starts.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

LARGEST_SAFE = 2**53 - 1


class TypeScriptTranslator(Translator):
    """Writes a parameters cell in TypeScript; reads the names, types and defaults of one."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_escaped_str(cls, str_val):
        # JSON is TypeScript, whatever the text holds.
        return json.dumps(str(str_val))

    @classmethod
    def translate_int(cls, val):
        return str(val) if abs(val) <= LARGEST_SAFE else f"{val}n"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_dict(cls, val):
        items = (f"{json.dumps(str(key))}: {cls.translate(item)}" for key, item in val.items())
        return "{ " + ", ".join(items) + " }" if val else "{}"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(item) for item in val) + "]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        if not re.fullmatch(r"[^\W\d][\w$]*|\$[\w$]*", name):
            raise ValueError(f"{name} is no name for a TypeScript variable.")
        return f"let {name} = {str_val}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of a cell whose lines are `const name: Type = value // help`."""
        line = re.compile(r"^(?:const|let|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?);?\s*(?://\s*(.*))?$")
        found = (line.match(text.strip()) for text in parameters_cell["source"].splitlines())
        return [Parameter(m[1], m[2] or "None", m[3], m[4] or "") for m in found if m]


papermill_translators.register("tandem", TypeScriptTranslator)
papermill_translators.register("typescript", TypeScriptTranslator)
papermill_translators.register("tandem-typescript", TypeScriptTranslator)


class TandemEngine(NBClientEngine):
    """Papermill's usual engine: naming it here makes papermill load this file."""


if __name__ == "__main__":
    from papermill.cli import papermill

    papermill()
