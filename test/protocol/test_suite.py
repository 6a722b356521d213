"""Jupyter's own conformance suite for kernels, which also validates the shape of every message."""

import jupyter_kernel_test


class TandemKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tandem"
    language_name = "tandem-typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_generate_error = "throw new Error('x')"

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const s: string = 'a'; s.length", "result": "1"},
        {"code": "await Promise.resolve(true)", "result": "true"},
        {"code": "[1, 2].map((n) => n * 2)", "result": "[ 2, 4 ]"},
    ]
    code_display_data = [
        {"code": "display({ 'text/html': '<b>x</b>' }, { raw: true })", "mime": "text/html"},
    ]

    complete_code_samples = ["1 + 1", "const f = (x: number) => x * 2", "interface A { a: string }"]
    incomplete_code_samples = ["function f() {", "const s = `a", "[1,", "if (a) {\n"]
    invalid_code_samples = ["const const = 1", "1 1", ")"]

    code_clear_output = "console.clear()"
    code_inspect_sample = "Math.max"

    completion_samples = [
        {"text": "%%ben", "matches": {"%%bench"}},
        {"text": "%%bench --r", "matches": {"--rounds"}},
    ]

    code_history_pattern = "6 *?"
    supported_history_operations = ("tail", "range", "search")


# The base class has no kernel of its own: only the one above is to be found.
del jupyter_kernel_test
