"""Sources for exports of chats that people already have; nothing is extracted from an app and nothing decrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Source


@hookimpl
def policycore_sources() -> Sequence[type[Source]]:
    """Return the sources of chat platforms."""
    from policycore_platforms.chatlab import ChatLab
    from policycore_platforms.slack import SlackExport
    from policycore_platforms.telegram import TelegramExport
    from policycore_platforms.wechat import WeChatTable
    from policycore_platforms.wecom import WeComArchive
    from policycore_platforms.wecom_lists import WeComLists

    return (TelegramExport, SlackExport, ChatLab, WeChatTable, WeComArchive, WeComLists)
