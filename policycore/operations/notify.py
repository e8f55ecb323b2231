"""Send digests of new and due findings to those who answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from policycore.errors import Problem, UsageError
from policycore.notices.addresses import Addresses, addresses_of
from policycore.notices.digest import Notice, merged, notices_of
from policycore.notices.send import Outcome, parcels, require_services, send_all, send_to_plugins
from policycore.notices.told import Told
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.store.kept.runs import find_run
from policycore.store.workspace import Workspace

__all__ = ["Notified", "notify", "require_sending"]


@dataclass(frozen=True, slots=True)
class Notified:
    """The notices of a run and, unless it was a trial, how sending each message went."""

    notices: Sequence[Notice]
    outcomes: Sequence[Outcome] = ()
    unreached: Sequence[Notice] = ()
    """Those of people who have no address, where nobody else is told."""

    @property
    def failed(self) -> Sequence[Outcome]:
        """Return the messages that did not go out."""
        return [outcome for outcome in self.outcomes if not outcome.sent]


def notify(
    workspace: Workspace,
    *runs: str,
    to: Sequence[str] = (),
    due_within: timedelta = timedelta(days=7),
    retries: int = 2,
    dry_run: bool = False,
    plugins: PluginSet | None = None,
) -> Notified:
    """Send the notices of `runs`, else of the latest, to the addresses `to`, else to the workspace's, and by plugins.

    Nobody is told a second time what has neither changed nor become overdue. The audit trail says how many went out.
    With `dry_run` nothing is sent, and everything that sending needs is looked at all the same. Raises UsageError where
    there is no address, or one that is none.
    """
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        meant = [find_run(connection, run) for run in runs or ("latest",)]
        notices = merged(notices_of(connection, run, due_within=due_within) for run in meant)
    plugins = plugins or load_plugins()
    addresses = require_sending(workspace, to, plugins)
    if not notices:
        return Notified(())
    told = Told(workspace)
    to_send = parcels(notices, addresses, told)
    alone = () if addresses.everybody else tuple(one for one in notices if one.person not in addresses.people)
    if dry_run:
        news = {(one.person, one.name): one for parcel in to_send for one in parcel.notices}
        return Notified([one for _, one in sorted(news.items())], unreached=alone)
    outcomes = send_all(to_send, told, retries=retries)
    outcomes += send_to_plugins(plugins.notifiers, notices, told, retries=retries)
    if not outcomes:
        return Notified((), unreached=alone)
    sent = sum(outcome.sent for outcome in outcomes)
    with workspace.open_store() as store, store.write() as connection:
        from policycore.store.kept import audit

        audit.append(connection, "notices", {"run": notices[0].run, "sent": sent, "failed": len(outcomes) - sent})
    return Notified(notices, outcomes, alone)


def require_sending(workspace: Workspace, to: Sequence[str], plugins: PluginSet) -> Addresses:
    """Return the addresses `to`, else the workspace's.

    Raises UsageError with what would keep notices from being sent: no address, one that is none, no apprise.
    """
    addresses = addresses_of(workspace, to)
    if not addresses and not plugins.notifiers:
        raise UsageError(Problem.of("operations.no-addresses"))
    require_services(addresses)
    return addresses
