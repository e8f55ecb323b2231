"""Texts of the command line, in both languages."""

from policycore.cli.catalogue import deciding, findings, general, rule_bench, unattended

TEXTS: dict[str, tuple[str, str]] = {
    **deciding.TEXTS,
    **findings.TEXTS,
    **general.TEXTS,
    **rule_bench.TEXTS,
    **unattended.TEXTS,
}
