"""Write the reference pages into a folder: ``python -m bench.docs [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.docs import PAGES, page_text

if __name__ == "__main__":
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__)
    for name in PAGES:
        path = Path(sys.argv[1] if len(sys.argv) > 1 else "docs", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_text(name), encoding="utf-8", newline="\n")
        sys.stderr.write(f"{path}\n")
