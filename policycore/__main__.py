"""Start the command line with ``python -m policycore``."""

from __future__ import annotations

from policycore.cli.main import run

if __name__ == "__main__":
    run()
