"""Runs the protocol tests; the last line of stdout is the count as JSON."""

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

# The user's own history is left alone.
os.environ.setdefault("TANDEM_HISTORY", tempfile.mkdtemp(prefix="tandem-history-"))


def run(suite):
    """The result of a suite, and those of its tests that failed."""
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    bad = [test for test, _ in result.failures + result.errors] + result.unexpectedSuccesses
    # A part of a test stands for the whole of it.
    return result, {getattr(test, "test_case", test).id(): getattr(test, "test_case", test) for test in bad}


result, failed = run(unittest.defaultTestLoader.discover(str(Path(__file__).parent)))
skipped = len(result.skipped)
# As with the units: in CI, where other suites run meanwhile, what failed is run once more. Jupyter's own suite waits a tenth of
# a second for some messages. What then passes has been listed above as failed.
if failed and os.environ.get("CI") == "true" and all(isinstance(test, unittest.TestCase) for test in failed.values()):
    print("Once more:", *failed, sep="\n  ", file=sys.stderr)
    _, failed = run(unittest.TestSuite(failed.values()))
print(json.dumps({"passed": result.testsRun - len(failed) - skipped, "failed": len(failed), "skipped": skipped}))
sys.exit(1 if failed or result.testsRun == 0 else 0)
