"""Start the terminal interface: everything that must be settled before Textual is imported."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policycore.findings.workspace import Workspace
    from policycore_tui.app import PolicycoreApp
    from policycore_tui.services import Services

__all__ = ["build", "launch"]


def launch(workspace: Workspace, services: Services, *, plain: bool = False) -> None:
    """Show `workspace` until the person quits."""
    build(workspace, services, plain=plain).run()


def build(workspace: Workspace, services: Services, *, plain: bool = False) -> PolicycoreApp:
    """Return the app for `workspace`, with the person's own settings."""
    # Kitty's key protocol keeps input methods from composing: Chinese could not be typed.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    if plain:
        os.environ["NO_COLOR"] = "1"
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from policycore_tui.app import PolicycoreApp
    from policycore_tui.keys import KeyTable
    from policycore_tui.office.reading import Office

    return PolicycoreApp(
        Office(workspace, workspace.open_store()), services, keys=KeyTable(_settings("keymap.json")), plain=plain
    )


def _settings(name: str) -> dict[str, Any]:
    """Return what a person's settings file says; an unreadable one counts as empty."""
    from policycore_tui.state.views import settings_folder

    try:
        found = json.loads((settings_folder() / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
