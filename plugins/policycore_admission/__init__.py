"""Rules on who is in a group: real names, admission, scope, departures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the admission rules."""
    from policycore_admission.rules.adm001_display_name_format import DisplayNameFormat
    from policycore_admission.rules.adm002_name_in_directory import NameInDirectory
    from policycore_admission.rules.adm003_unit_matches import UnitMatches

    return (DisplayNameFormat, NameInDirectory, UnitMatches)
