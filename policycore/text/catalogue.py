"""Texts about words: what was probably meant."""

TEXTS: dict[str, tuple[str, str]] = {
    "text.and": ("、", ", "),
    "text.did-you-mean": ("是否想写“{name}”", "did you mean {name}"),
    "text.one-of": ("可用的有：{names}", "known: {names}"),
}
