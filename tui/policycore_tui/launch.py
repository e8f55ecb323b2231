"""Start the terminal interface: everything that must be settled before Textual is imported."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace
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
    from policycore_tui.settings import read_settings

    keys = KeyTable(read_settings("keymap.json"))
    return PolicycoreApp(Office(workspace, workspace.open_store()), services, keys=keys, plain=plain)
