"""What people write in work groups every day is left alone by every rule that reads what they write."""

from __future__ import annotations

from pathlib import Path

from policycore import Case
from policycore.engine.run import evaluate
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.testing import estate_of

READS_TEXTS = ("content/", "secrecy/", "channels/")


def test_nobody_is_suspected_for_ordinary_work() -> None:
    texts = (Path(__file__).parent / "ordinary_work.txt").read_text(encoding="utf-8").splitlines()
    sent = [
        {
            "id": f"m{row}",
            "group_id": f"g{row}",
            "sender_id": "a",
            "type": "text",
            "sent_at": "2024-04-09T10:00:00+08:00",
            "text": text,
        }
        for row, text in enumerate(texts)
    ]
    groups = [{"id": f"g{row}"} for row in range(len(texts))]
    estate = estate_of(Case("", given={"groups": groups, "accounts": [{"id": "a"}], "messages": sent}))
    plugins = load_plugins()
    found = []
    for name in ("xxu-2024-wechat-groups", "fingertip-formalism", "secrecy-work-groups"):
        ruleset = load_ruleset(name, plugins.rules, plugins.ruleset_folders)
        result = evaluate(estate, ruleset)
        assert result.problems == ()
        found += [one for one in result.findings if one.name.startswith(READS_TEXTS) and one.subject.id[0] == "m"]
    assert [(one.name, texts[int(one.subject.id[1:])]) for one in found] == []
