"""Starts the runner. Old Pythons read this file too, to say that they are old: it keeps to their syntax."""

import os
import sys

if sys.version_info < (3, 9):  # noqa: UP036
    version = ".".join(str(part) for part in sys.version_info[:3])
    nonce = os.environ.get("TANDEM_RUNNER", "")
    sys.stdout.write("\0" + nonce + ':hello {"version": "' + version + '", "tooOld": true}\n')
    sys.exit(0)

from tandem_runner.runner import main

# User code imports from the notebook's folder, and from here only what is nowhere else: `tandem`, also in its processes.
sys.path.append(sys.path[0])
sys.path[0] = ""
main()
