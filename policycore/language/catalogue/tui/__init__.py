"""Texts of the terminal interface: actions, why they are not possible, screens, forms."""

from policycore.language.catalogue.tui import actions, screens

TEXTS: dict[str, tuple[str, str]] = {**actions.TEXTS, **screens.TEXTS}
