"""Reads texts of cells and tells what is wrong in them; none is run. A line of JSON each, from stdin to stdout.

Old Pythons read this file too, to say that they are old: it keeps to their syntax.
"""

import sys


def _main():  # noqa: ANN202
    if sys.version_info < (3, 9):  # noqa: UP036
        return
    import ast
    import json
    import os
    import warnings

    # This file's folder, and nothing of the user's.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from tandem_runner.cells import FLAGS, bound_names
    from tandem_runner.name_uses import uses_of

    warnings.simplefilter("ignore")

    def check(text):  # noqa: ANN001, ANN202
        try:
            tree = compile(text, "cell", "exec", FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
            binds = sorted(set(bound_names(tree.body)))
            has_value = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
            # What only compiling finds: a `return` outside of a function.
            compile(tree, "cell", "exec", FLAGS, dont_inherit=True)
        except SyntaxError as error:
            return {
                "error": {
                    "message": error.msg,
                    "line": error.lineno or 1,
                    "column": error.offset or 1,
                    "endLine": getattr(error, "end_lineno", None) or 0,
                    "endColumn": getattr(error, "end_offset", None) or 0,
                }
            }
        except (ValueError, RecursionError, MemoryError, OverflowError):
            return {}
        return {"binds": binds, "hasValue": has_value}

    def uses(text, name):  # noqa: ANN001, ANN202
        try:
            tree = compile(text, "cell", "exec", FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
            return {"uses": uses_of(name, tree, text)}
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return {}

    def say(message):  # noqa: ANN001, ANN202
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        answer = uses(asked["text"], asked["name"]) if "name" in asked else check(asked["text"])
        answer["id"] = asked["id"]
        say(answer)


_main()
