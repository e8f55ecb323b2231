"""Read who belongs in a group as people write it: 组织部、学生处, 本部门全体, 部门=教务处；职级=中层正职."""

from __future__ import annotations

import json
import re

from policycore.estate.cells.convert import read_scope
from policycore.estate.office.directory import Directory

__all__ = ["scope_meant"]

_all_of = re.compile(r"(?:的?(?:全体|全部|所有)?(?:教职工|工作人员|人员|成员|职工|员工|同志|同事)|全体)$")
_own = re.compile(r"(?:本|我)(?:部门|单位|处室|处|部|学院|院|科室)")
_BY_ID = ("departments", "people")
"""The lists of a scope that hold ids of the table of the same name."""


def scope_meant(text: str, department: str | None, directory: Directory) -> str | None:
    """Return a scope with departments and people as ids, in JSON; None where anything in it is not known for sure."""
    try:
        scope = read_scope(text)
    except ValueError:
        whole = directory.find("departments", text)[0]
        names = [text] if whole else [_all_of.sub("", one) for one in re.split(r"[、,，;；和及\s]+", text) if one]
        scope = {"departments": [department or one if _own.fullmatch(one) else one for one in names]}
    for name in _BY_ID:
        found = [directory.find(name, one)[0] for one in scope.get(name, ())]
        if None in found:
            return None
        scope[name] = [one for one in found if one is not None]
    return json.dumps(scope, ensure_ascii=False) if any(scope.values()) else None
