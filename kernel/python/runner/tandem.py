"""What cells import: `tandem`."""

from tandem_runner.arrays import array
from tandem_runner.spans import Span as span  # noqa: N813  # A function to who uses it.

__all__ = ["array", "span"]
