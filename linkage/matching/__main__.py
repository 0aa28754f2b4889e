"""`python -m linkage.matching OFFERS.csv NEEDS.csv --top K [--tree FILE] [--json]`."""

from __future__ import annotations

import sys

from linkage.matching.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
