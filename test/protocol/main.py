"""Runs the protocol tests; the last line of stdout is the count as JSON."""

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

# The user's own history is left alone.
os.environ.setdefault("TANDEM_HISTORY", tempfile.mkdtemp(prefix="tandem-history-"))
suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent))
result = unittest.TextTestRunner(verbosity=2).run(suite)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
skipped = len(result.skipped)
print(json.dumps({"passed": result.testsRun - failed - skipped, "failed": failed, "skipped": skipped}))
sys.exit(1 if failed or result.testsRun == 0 else 0)
