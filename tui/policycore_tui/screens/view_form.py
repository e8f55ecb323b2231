"""The form that keeps a filter and an order under a number key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from policycore.language import say, say_both
from policycore_tui.screens.box import Field, Form
from policycore_tui.state.undo import Done

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["ViewForm"]

_KEYS = tuple("123456789")


class ViewForm(Form):
    """Ask for a number key and a name; what the keys hold already stands above."""

    def __init__(self, owner: PolicycoreApp, done: Callable[[Done], None]) -> None:
        self.owner = owner
        self.done = done
        kept = owner.views.all()
        free = next((key for key in _KEYS if int(key) not in kept), "1")
        words = tuple(kept[int(key)].name or "-" if int(key) in kept else say("tui.form.view-free") for key in _KEYS)
        fields = [
            Field("key", say("tui.form.view-key"), free, choices=_KEYS, words=words),
            Field("name", say("tui.form.view-name"), owner.listing.filter_line),
        ]
        super().__init__(say("tui.key.save_view"), fields, self._keep, self._ask, self._judge)

    def _judge(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {} if values["key"] in _KEYS else {"key": say("tui.form.view-key")}

    def _ask(self, values: Mapping[str, str]) -> str:
        """Return the question where another view would be lost."""
        before = self.owner.views.get(int(values["key"]))
        return say("tui.ask.view", number=values["key"], name=before.name) if before is not None else ""

    def _keep(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Keep the view; undo brings back what was there."""
        views, number = self.owner.views, int(values["key"])
        try:
            before = views.save(number, self.owner.listing.view(values["name"]))
        except OSError as error:
            return {"key": say("tui.settings.unwritable", why=error.strerror or "")}

        def undo() -> None:
            if before is None:
                views.remove(number)
            else:
                views.save(number, before)

        self.done(Done(say_both("tui.done.view", number=number), undo))
        return {}
