"""What is a notice, by how it begins."""

from __future__ import annotations

__all__ = ["NOTICE"]

_KIND = "(通知|公告|通告|通报)"
# To all, and then a heading in brackets, a line that is nothing but a title, or the word and a colon.
_BEGINS = rf"""^\s*(@所有人\s*|@全体成员\s*)?([【\[〔［][^】\]〕］\n]{{0,40}}{_KIND}[^】\]〕］\n]{{0,12}}[】\]〕］]
    |[^\n。!！?？]{{0,80}}{_KIND}\s*([(（][^\n]{{0,30}}[)）])?(\.(docx?|wps|pdf|ofd|xlsx?))?\s*($|\n)
    |[^\n。,，!！?？:：]{{0,12}}{_KIND}\s*[:：])"""
_ANSWERS = r"^\s*(收到|已|谢谢|转发|关注|好的|请|按|见|根据|详见|看|没有|这|那)"
_TEXT = "".join(line.strip() for line in _BEGINS.splitlines())
# Few messages hold the word at all: that is asked first, for a tenth of what an expression costs.
NOTICE = f"""((contains(messages.text, '通') OR contains(messages.text, '公告'))
    AND regexp_matches(messages.text, '{_TEXT}') AND NOT regexp_matches(messages.text, '{_ANSWERS}'))"""
"""Condition: the message reads as a notice; NULL where nobody knows its text."""
