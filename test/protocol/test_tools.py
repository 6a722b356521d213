"""nbconvert and papermill, as people run them from a terminal."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
# One that takes few seconds: all of them are run by other tests.
BUNDLED = ROOT / "notebooks" / "11-interfaces.ipynb"


def notebook_of(*cells):
    """A notebook that names Tandem; a cell tagged `parameters` first."""
    kernelspec = {"name": "tandem", "display_name": "Tandem (TypeScript)", "language": "typescript"}
    notebook = new_notebook(cells=list(cells), metadata={"kernelspec": kernelspec})
    return notebook


class ToolTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def tool(self, *args):
        env = {**os.environ, "PYTHONPATH": str(ROOT / "jupyter" / "papermill"), "IPYTHONDIR": str(self.folder)}
        done = subprocess.run([sys.executable, *args], cwd=self.folder, env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        return done.stdout

    def test_nbconvert_executes_a_bundled_notebook_into_html_with_its_charts(self):
        args = ("--to", "html", "--execute", "--output-dir", str(self.folder), str(BUNDLED))
        self.tool("-m", "nbconvert", *args)
        html = (self.folder / BUNDLED.with_suffix(".html").name).read_text()
        self.assertIn("image/svg+xml", html)
        self.assertNotIn("jp-OutputArea-error", html)

    def test_nbconvert_makes_a_script(self):
        file = self.folder / "a.ipynb"
        notebook = notebook_of(new_code_cell("const answer: number = 42"))
        notebook.metadata["language_info"] = {
            "name": "tandem-typescript",
            "file_extension": ".ts",
            "nbconvert_exporter": "script",
        }
        nbformat.write(notebook, file)
        self.tool("-m", "nbconvert", "--to", "script", str(file))
        self.assertIn("const answer: number = 42", (self.folder / "a.ts").read_text())

    def test_papermill_puts_parameters_in(self):
        file = self.folder / "a.ipynb"
        defaults = new_code_cell("const n: number = 1 // how many\nconst name = 'nobody'", metadata={"tags": ["parameters"]})
        shown = new_code_cell("JSON.stringify([n, name, list, big === 2n ** 60n])")
        nbformat.write(notebook_of(defaults, shown), file)
        out = self.folder / "out.ipynb"
        parameters = json.dumps({"n": 7, "name": 'quo"te\n😀', "list": [1.5, None, True, {"a": []}], "big": 2**60}, ensure_ascii=False)
        self.tool("-m", "tandem_papermill", str(file), str(out), "-y", parameters)
        done = nbformat.read(out, 4)
        expected = json.dumps([7, 'quo"te\n😀', [1.5, None, True, {"a": []}], True], ensure_ascii=False, separators=(",", ":"))
        shown = done.cells[-1].outputs[0].data["text/plain"]
        self.assertEqual(shown, "'" + expected.replace("\\", "\\\\") + "'")
        self.assertIn("n: number (default 1)", self.tool("-m", "tandem_papermill", "--help-notebook", str(file)))

    def test_papermill_runs_a_bundled_notebook(self):
        out = self.folder / "out.ipynb"
        self.tool("-m", "tandem_papermill", str(BUNDLED), str(out), "--cwd", str(BUNDLED.parent))
        errors = [o for c in nbformat.read(out, 4).cells for o in c.get("outputs", []) if o.output_type == "error"]
        self.assertEqual(errors, [])


if __name__ == "__main__":
    unittest.main()
