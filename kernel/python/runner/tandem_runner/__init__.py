"""Runs Python cells for the kernel and answers calls from TypeScript. Standard library only, CPython 3.9 or newer."""
