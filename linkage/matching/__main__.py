"""`python -m linkage.matching OFFERS.csv NEEDS.csv --top K [--tree FILE] [--json]`."""

from __future__ import annotations

import signal
import sys

from linkage.matching.command import main

if __name__ == "__main__":
    # A reader that has seen enough (`| head`) ends the command without a complaint.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
