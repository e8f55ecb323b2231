"""The project file, read once, and the distributions as people install them, built once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installed:
    """Say where the built wheel is installed."""

    python: Path
    site_packages: Path

    def run(self, program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run an installed program in `folder` with nothing of this process's environment but the path."""
        return subprocess.run(
            [str(self.python.with_name(program)), *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the wheel and the source archive.

    POLICYCORE_TEST_DISTRIBUTIONS names one that is already built; otherwise both are built here
    with the installed back end, so that no download is needed.
    """
    ready = os.environ.get("POLICYCORE_TEST_DISTRIBUTIONS")
    if ready:
        yield Path(ready)
        return
    folder = tmp_path_factory.mktemp("distributions")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """Return the one wheel."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def source_archive(distributions: Path) -> Path:
    """Return the one source archive."""
    (found,) = distributions.glob("*.tar.gz")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Install the wheel into an environment of its own that borrows this one's third-party packages."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    report = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            str(wheel),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "PIP_CONSTRAINT": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert report.returncode == 0, report.stdout + report.stderr
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    (site_packages,) = folder.glob(pattern)
    # A plain path line puts the folder last and reads none of its own .pth files, so an editable
    # install of this project there stays out.
    borrowed = Path(pytest.__file__).resolve().parents[1]
    (site_packages / "borrowed.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    yield Installed(python, site_packages)
    shutil.rmtree(folder, ignore_errors=True)
