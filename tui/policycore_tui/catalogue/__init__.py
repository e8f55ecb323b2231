"""Texts of the terminal interface: actions, why they are not possible, screens, forms."""

from policycore_tui.catalogue import actions, screens

TEXTS: dict[str, tuple[str, str]] = {**actions.TEXTS, **screens.TEXTS}
