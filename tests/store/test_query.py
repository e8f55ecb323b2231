"""Filters, facets, sorting and paging, on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from policycore.language import use_language
from policycore.model.result import Finding
from policycore.model.verdict import Severity, Verdict
from policycore.store.lives.presence import everything_present
from policycore.store.query import (
    BY_MESSAGE,
    FACETS,
    SORTS,
    FindingFilter,
    count_findings,
    counts_by,
    facet_counts,
    findings_matching,
    page_of_findings,
)
from policycore.store.record import record
from policycore.store.store import Store


@pytest.fixture
def filled(store: Store, build: Any) -> Store:
    """Give a store with six findings, one of them resolved."""

    def found(day: int) -> list[Finding]:
        return [
            build.finding(subject="g1", due=build.day(day + 10)),
            build.finding(subject="g2", severity=Severity.WARNING, department="科研处", name="100%_群"),
            build.finding(rule="OWN002", subject="g1", verdict=Verdict.SUSPECT, clauses=("一(一)-4", "二(一)")),
            build.finding(rule="OWN002", subject="g3", department="科研处", due=build.day(day + 11)),
            build.finding(
                rule="OWN002", subject="g4", verdict=Verdict.NEEDS_ATTESTATION, department="", severity=Severity.INFO
            ),
            build.finding(rule="OWN002", subject="g5"),
        ]

    record(store, build.result(*found(0)), presence=lambda _: everything_present)
    # A run counts deadlines from its own day; the store counts on from the first.
    record(store, build.result(*found(1)[:-1], as_of=build.day(1)), presence=lambda _: everything_present)
    return store


def subjects(store: Store, wanted: FindingFilter, **page: Any) -> list[str]:
    with store.read() as connection:
        rows = page_of_findings(connection, wanted, **page)
        if not page:
            assert count_findings(connection, wanted) == len(rows)
        return [f"{row.rule}/{row.subject_id}" for row in rows]


FILTERS: list[tuple[FindingFilter, list[str]]] = [
    (FindingFilter(), ["OWN001/g1", "OWN002/g3", "OWN002/g1", "OWN001/g2", "OWN002/g4"]),
    (FindingFilter(any_of={"rule": ("OWN001",)}), ["OWN001/g1", "OWN001/g2"]),
    (FindingFilter(any_of={"rule": ("OWN*1",)}), ["OWN001/g1", "OWN001/g2"]),
    (FindingFilter(any_of={"rule": ("own*",)}), []),
    (FindingFilter(any_of={"department": ("科研处", "无")}), ["OWN002/g3", "OWN001/g2"]),
    (FindingFilter(any_of={"severity": ("warning", "info")}), ["OWN001/g2"]),
    (FindingFilter(any_of={"verdict": ("needs-attestation",)}), ["OWN002/g4"]),
    (FindingFilter(any_of={"clause": ("二(一)",)}), ["OWN002/g1"]),
    (FindingFilter(any_of={"clause": ("一(一)*",), "rule": ("OWN002",)}), ["OWN002/g3", "OWN002/g1", "OWN002/g4"]),
    (FindingFilter(none_of={"department": ("科研处",)}), ["OWN001/g1", "OWN002/g1", "OWN002/g4"]),
    (FindingFilter(none_of={"clause": ("二(一)",)}), ["OWN001/g1", "OWN002/g3", "OWN001/g2", "OWN002/g4"]),
    (FindingFilter(any_of={"assigned": ("",)}, words=("g3",)), ["OWN002/g3"]),
    (FindingFilter(words=("退休", "g2")), ["OWN001/g2"]),
    (FindingFilter(words=("RETIRED", "ｇ２")), ["OWN001/g2"]),
    (FindingFilter(words=("100%_",)), ["OWN001/g2"]),
    (FindingFilter(words=("%",)), ["OWN001/g2"]),
    (FindingFilter(words=("退休",), without=("科研处",)), ["OWN001/g1", "OWN002/g1", "OWN002/g4"]),
    (FindingFilter(any_of={"state": ("resolved",)}, active=None), ["OWN002/g5"]),
    (FindingFilter(any_of={"state": ("resolved",)}), []),
    (FindingFilter(active=False), ["OWN002/g5"]),
    (FindingFilter(words=("没有这个词",)), []),
]


def test_filters(filled: Store) -> None:
    assert [(wanted, subjects(filled, wanted)) for wanted, _ in FILTERS] == FILTERS


def test_what_is_due(filled: Store, build: Any) -> None:
    assert subjects(filled, FindingFilter(due_before=build.day(10) + timedelta(hours=1))) == ["OWN001/g1"]


@pytest.mark.parametrize("descending", [False, True])
def test_what_has_no_date_comes_last_either_way(filled: Store, descending: bool) -> None:
    found = subjects(filled, FindingFilter(), sort="due", descending=descending)
    dated = ["OWN001/g1", "OWN002/g3"]
    assert found[:2] == (list(reversed(dated)) if descending else dated)
    assert len(found) == 5


def test_pages_cover_everything_once_in_every_order(filled: Store) -> None:
    everything = FindingFilter(active=None)
    for sort in (*SORTS, BY_MESSAGE):
        for descending in (False, True):
            whole = subjects(filled, everything, sort=sort, descending=descending, limit=100)
            pages: list[str] = []
            for offset in range(0, 8, 2):
                pages += subjects(filled, everything, sort=sort, descending=descending, offset=offset, limit=2)
            assert pages == whole
            assert len(set(whole)) == len(whole) == 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_order_by_message_is_that_of_the_readers_language(filled: Store, language: str) -> None:
    with filled.read() as connection, use_language(language):
        rows = page_of_findings(connection, FindingFilter(active=None), sort="message")
        messages = [str(row.finding.message) for row in rows]
    assert messages == sorted(messages)
    assert len(set(messages)) > 1


def test_facets_respect_one_another_but_not_themselves(filled: Store) -> None:
    wanted = FindingFilter(any_of={"department": ("科研处",), "severity": ("error",)})
    with filled.read() as connection:
        assert facet_counts(connection, wanted, "department") == {"教务处": 2, "科研处": 1}
        assert facet_counts(connection, wanted, "severity") == {"error": 1, "warning": 1}
        assert facet_counts(connection, wanted, "rule") == {"OWN002": 1}
        assert counts_by(connection, FindingFilter(), "clause") == {"一(一)-3": 4, "一(一)-4": 1, "二(一)": 1}
        for facet in FACETS:
            assert sum(facet_counts(connection, FindingFilter(), facet).values()) == 5


def test_export_reads_what_the_filter_shows(filled: Store) -> None:
    with filled.read() as connection:
        found = findings_matching(connection, FindingFilter(any_of={"rule": ("OWN001",)}))
    assert [(finding.rule, finding.subject.id) for finding in found] == [("OWN001", "g1"), ("OWN001", "g2")]


def test_a_first_page_uses_an_index(tmp_path: Any) -> None:
    with Store(tmp_path / "store.sqlite3") as store, store.read() as connection:
        order = ", ".join(column.name for column in SORTS["severity"])
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT id FROM findings WHERE active IS 1 ORDER BY {order} LIMIT 100"
        ).all()
    assert "ix_findings_default_order" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
