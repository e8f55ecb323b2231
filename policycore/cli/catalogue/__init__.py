"""Texts of the command line, in both languages."""

from policycore.cli.catalogue import deciding, findings, general, unattended, workspace

TEXTS: dict[str, tuple[str, str]] = {
    **deciding.TEXTS,
    **findings.TEXTS,
    **general.TEXTS,
    **unattended.TEXTS,
    **workspace.TEXTS,
}
