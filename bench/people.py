"""Make the departments, people, posts and accounts of a large estate, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.columns import Columns, chosen, moments, numbered

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["GROUPS_PER_DEPARTMENT", "People", "department_size", "make_people"]

GROUPS_PER_DEPARTMENT = 200
# Primes that leave 2 when divided by 3: cubing permutes the residues, so that the members of a group
# are drawn without repeats and without a loop.
_SIZES = (101, 401, 1013, 5003, 20_011)
# What happens to people: most are in post.
_STATUS = ("active", "retired", "departed", "seconded", "leave")
_SHARES = (0.9945, 0.001, 0.001, 0.0015, 0.002)


@dataclass(frozen=True, slots=True)
class People:
    """Hold who there is; person number n belongs to department n // per_department."""

    departments: int
    per_department: int
    account_ids: pyarrow.Array
    person_ids: pyarrow.Array
    department_ids: pyarrow.Array
    department_names: pyarrow.Array
    display_names: pyarrow.Array
    tables: Columns

    @property
    def count(self) -> int:
        """Return how many people there are."""
        return self.departments * self.per_department


def department_size(mean_members: float) -> int:
    """Return how many people a department has, so that the largest groups fit into one."""
    return next((size for size in _SIZES if size > 5 * mean_members), _SIZES[-1])


def make_people(random: numpy.random.Generator, groups: int, mean_members: float) -> People:
    """Return departments, people, appointments and accounts for `groups` groups."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    per_department = department_size(mean_members)
    departments = max(5, -(-groups // GROUPS_PER_DEPARTMENT))
    count = departments * per_department
    person_ids, account_ids = numbered("p", count), numbered("a", count)
    department_ids = numbered("d", departments)
    department_names = _departments(departments)
    names = _names(count)
    of_department = numpy.repeat(numpy.arange(departments), per_department)
    inside = numpy.tile(numpy.arange(per_department), departments)
    since = moments(random, count, 4000, 1200)
    inactive_since = moments(random, count, 200, 1)
    status = random.choice(len(_STATUS), count, p=_SHARES)
    status[inside == 0] = 0
    rank = numpy.select([inside == 0, inside < 3, inside < 60], [0, 1, 2], 3)
    people = {
        "id": person_ids,
        "name": names,
        "status": chosen(_STATUS, status),
        "status_since": pc.if_else(pa.array(status == 0), since, inactive_since),
    }
    appointments = {
        "person_id": person_ids,
        "department_id": department_ids.take(pa.array(of_department)),
        "title": chosen(("处长", "副处长", "科长", "科员"), rank),
        "rank": chosen(("中层正职", "中层副职", "正科级", "科员"), rank),
        "duties": pa.ListArray.from_arrays(
            pa.array(numpy.arange(count + 1), pa.int32()), chosen(("全面工作", "党建", "综合", "业务"), rank)
        ),
        "since": since,
    }
    accounts = {
        "id": account_ids,
        "platform": chosen(("wecom",), numpy.zeros(count, dtype=numpy.int64)),
        "person_id": person_ids,
        "kind": chosen(("internal",), numpy.zeros(count, dtype=numpy.int64)),
        "name": names,
    }
    shown = pc.binary_join_element_wise(department_names.take(pa.array(of_department)), names, "-")
    return People(
        departments,
        per_department,
        account_ids,
        person_ids,
        department_ids,
        department_names,
        shown,
        {
            "departments": {
                "id": department_ids,
                "name": department_names,
                "aliases": pa.ListArray.from_arrays(
                    pa.array(numpy.arange(departments + 1), pa.int32()),
                    pc.binary_join_element_wise(department_names, pa.scalar("办公室"), ""),
                ),
                "parent_id": pa.nulls(departments, pa.string()),
            },
            "people": people,
            "appointments": appointments,
            "accounts": accounts,
        },
    )


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "建志文国海晓明春秋雨思嘉宏永立新玉佳美俊雅慧子梦若欣怡泽浩宇平华军强伟涛峰磊斌鹏"


_SUBJECTS = "信安科教资建规策审采宣统招学研档图网医体艺农林水电材化数理"


def _departments(count: int) -> pyarrow.Array:
    """Return `count` different names of departments."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    words, size = pa.array(list(_SUBJECTS)), len(_SUBJECTS)
    place = numpy.arange(count)
    parts = [words.take(pa.array(place // size**power % size)) for power in range(3)]
    return pc.binary_join_element_wise(*parts, pa.scalar("处"), "")


def _names(count: int) -> pyarrow.Array:
    """Return `count` invented names; they repeat in a very large estate, as names do."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    place = numpy.arange(count) * 7919
    surnames, given = pa.array(list(_SURNAMES)), pa.array(list(_GIVEN))
    first, second = place // len(_SURNAMES), place // (len(_SURNAMES) * len(_GIVEN))
    return pc.binary_join_element_wise(
        surnames.take(pa.array(place % len(_SURNAMES))),
        given.take(pa.array(first % len(_GIVEN))),
        given.take(pa.array(second % len(_GIVEN))),
        "",
    )
