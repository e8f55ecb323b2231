"""One small export of each platform, written from the published formats."""

from __future__ import annotations

from typing import Any

from tests.plugins.platforms import test_other_platforms as others
from tests.plugins.platforms import test_telegram as telegram

ALL: dict[str, dict[str, Any]] = {
    "telegram": {"result.json": telegram.EVERYTHING},
    "slack": others.SLACK,
    "chatlab": {
        "chat.json": {"chatlab": others.HEADER, "meta": others.META, "members": others.MEMBERS, "messages": others.TALK}
    },
    "lists": others.LISTS,
    "archive": {"archive.jsonl": others.ARCHIVE},
}
