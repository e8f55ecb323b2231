"""Write the reference pages into a folder: ``python -m bench.docs [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.docs.pages import write_pages

if __name__ == "__main__":
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__)
    for page in write_pages(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")):
        sys.stderr.write(f"{page}\n")
