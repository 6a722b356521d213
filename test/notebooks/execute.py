"""Executes a notebook by nbclient, in its own folder; exit code 1 and the error if a cell failed."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# Seconds for one cell: the first Rust cell of a fresh machine compiles its crates.
TIMEOUT = 900

file = Path(sys.argv[1])
notebook = nbformat.read(file, as_version=4)
resources = {"metadata": {"path": str(file.parent)}}
try:
    NotebookClient(notebook, kernel_name="tandem", timeout=TIMEOUT, resources=resources).execute()
    nbformat.validate(notebook)
except (CellExecutionError, DeadKernelError, nbformat.ValidationError) as error:
    print(error, file=sys.stderr)
    sys.exit(1)
