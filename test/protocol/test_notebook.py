"""Notebooks executed by nbclient, as papermill, jupyter execute and many CI set-ups do."""

import unittest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook


def execute(*sources, **options):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="tandem", timeout=60, **options).execute()
    return notebook


class NotebookTests(unittest.TestCase):
    def test_outputs_are_stored_in_their_cells(self):
        notebook = execute("const n: number = 6", "console.log('hi'); n * 7", "display({ 'text/html': '<b>x</b>' }, { raw: true })")
        nbformat.validate(notebook)
        outputs = [cell.outputs for cell in notebook.cells]
        self.assertEqual(outputs[0], [])
        self.assertEqual([o.output_type for o in outputs[1]], ["stream", "execute_result"])
        self.assertEqual(outputs[1][0].text, "hi\n")
        self.assertEqual(outputs[1][1].data["text/plain"], "42")
        self.assertEqual(outputs[2][0].data["text/html"], "<b>x</b>")
        self.assertEqual([cell.execution_count for cell in notebook.cells], [1, 2, 3])

    def test_a_failing_cell_stops_the_run(self):
        with self.assertRaises(CellExecutionError) as caught:
            execute("1", "throw new TypeError('no')", "3")
        self.assertEqual((caught.exception.ename, caught.exception.evalue), ("TypeError", "no"))

    def test_errors_can_be_allowed(self):
        notebook = execute("throw new Error('no')", "2", allow_errors=True)
        self.assertEqual(notebook.cells[0].outputs[0].output_type, "error")
        self.assertEqual(notebook.cells[1].outputs[0].data["text/plain"], "2")

    def test_a_cell_that_takes_too_long_is_interrupted(self):
        notebook = new_notebook(cells=[new_code_cell("while (true) {}"), new_code_cell("2")])
        client = NotebookClient(
            notebook, kernel_name="tandem", timeout=2, interrupt_on_timeout=True, allow_errors=True
        )
        client.execute()
        self.assertEqual(notebook.cells[1].outputs[0].data["text/plain"], "2")


if __name__ == "__main__":
    unittest.main()
