"""Texts of the YAML reader, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "yaml.did-you-mean": ("是否想用 {names}", "did you mean {names}"),
    "yaml.one-of": ("可用的有 {names}", "one of {names}"),
}
