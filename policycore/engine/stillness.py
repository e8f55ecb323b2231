"""Tell what stays as it is while only time passes.

Tables compare moments of the data with the moment of the run, and nothing else. Where none of the data lies between two
moments they hold the same at both, and what was asked without asking how late it is has the same answer.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from policycore.model.schema import all_schemas, latest_of

if TYPE_CHECKING:
    from policycore.engine.session import EstateSession

__all__ = ["asks_moment", "nothing_between"]

_moment = re.compile(r"as_of|elapsed_days|days_after", re.IGNORECASE)


def asks_moment(sql: str) -> bool:
    """Return whether `sql`, of a rule or a rule set, asks how late it is."""
    return _moment.search(sql) is not None


def nothing_between(session: EstateSession, moment: datetime) -> bool:
    """Return whether no time in the data lies after the session's moment and not after a later `moment`."""
    if moment < session.as_of:
        return False
    found = [
        f'EXISTS (FROM raw.{name} WHERE "{column}" > $begin AND "{column}" <= $end)'
        for name, schema in all_schemas().items()
        for time in schema.times
        for column in (time, latest_of(time))
        if column in session.data.columns.get(name, ()) and session.data.rows.get(name)
    ]
    asked = f"SELECT {' OR '.join(found) or 'false'} AS something"
    return not session.arrow(asked, {"begin": session.as_of, "end": moment}).column(0)[0].as_py()
