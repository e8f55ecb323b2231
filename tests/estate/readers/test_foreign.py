"""Sources that plugins bring: what they claim, what they return, what goes wrong with them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from policycore import Source
from policycore.estate.importing import open_estate


class SlackExport(Source):
    """Read channels.json and users.json of a Slack export; it tells no owner and no admin."""

    name = "slack"
    platform = "slack"
    suffixes = (".json",)
    lacks = ("groups.owner_id", "memberships.role", "memberships.display_name")

    def read(self, path: Path) -> dict[str, Any]:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "users.json":
            accounts = [
                {"id": user["id"], "name": user["name"], "kind": "bot" if user["is_bot"] else "internal"}
                for user in entries
            ]
            return {"accounts": accounts}
        groups = [
            {
                "id": channel["id"],
                "name": channel["name"],
                "creator_id": channel["creator"],
                "created_at": datetime.fromtimestamp(channel["created"], UTC),
                "purpose": channel["purpose"]["value"] or None,
            }
            for channel in entries
        ]
        members = [
            {"group_id": channel["id"], "account_id": member} for channel in entries for member in channel["members"]
        ]
        return {"groups": groups, "memberships": members}


USERS = [{"id": "U1", "name": "zhang", "is_bot": False}, {"id": "U2", "name": "helper", "is_bot": True}]
CHANNEL = {"id": "C1", "name": "教务", "creator": "U1", "created": 1700000000, "purpose": {"value": "通知"}}


def slack(estate: Any, *members: str) -> None:
    (estate.folder / "manifest.yaml").unlink()
    estate.write("channels.json", json.dumps([{**CHANNEL, "members": list(members)}]))
    estate.write("users.json", json.dumps(USERS))


def returning(answer: Any, **traits: Any) -> Source:
    """Return a source that reads .json as `answer`."""

    def read(self: Source, path: Path) -> Any:
        return answer

    made = type("Made", (Source,), {"name": "made", "suffixes": (".json",), "read": read, **traits})
    return made()


def test_a_source_fills_tables_and_names_what_its_format_lacks(estate, rows) -> None:
    slack(estate, "U1", "U2")
    snapshot = estate.run(sources=lambda: [SlackExport()])
    assert [(source.name, source.platform, source.lacks) for source in snapshot.sources] == [
        ("slack", "slack", frozenset(SlackExport.lacks))
    ]
    [group] = rows(snapshot, "groups")
    assert (group["source"], group["purpose"], group["created_at"].isoformat()) == (
        "slack",
        "通知",
        "2023-11-14T22:13:20+00:00",
    )
    assert [row["account_id"] for row in rows(snapshot, "memberships", origin=True)] == ["U1", "U2"]
    assert rows(snapshot, "memberships", origin=True)[1]["_file"] == "channels.json"
    assert [row["kind"] for row in rows(snapshot, "accounts")] == ["internal", "bot"]


def test_a_folder_is_checked_through_sources_too(estate) -> None:
    slack(estate, "U1")
    with open_estate(estate.folder, sources=lambda: [SlackExport()]) as snapshot:
        assert snapshot.tables["groups"].rows == 1


def test_what_a_source_returns_is_checked_like_any_file(estate) -> None:
    slack(estate, "U1", "U9")
    assert estate_codes(estate, SlackExport()) == ["dangling"]


def estate_codes(estate: Any, *sources: Source) -> list[str]:
    return list(estate.codes(sources=lambda: sources))


def test_arrow_tables_lists_and_truths_arrive_with_their_types(estate, rows) -> None:
    estate.write("x.json", "{}")
    answer = {
        "departments": pa.table({"id": ["d"], "name": ["教务处"], "aliases": pa.array([["教务"]])}),
        "groups": [{"id": "g", "department_id": "d", "join_approval": True, "scope": {"departments": ["d"]}}],
    }
    snapshot = estate.run(sources=lambda: [returning(answer)])
    [group] = rows(snapshot, "groups")
    assert group["join_approval"] is True
    assert group["scope"]["departments"] == ["d"]
    assert rows(snapshot, "departments")[0]["aliases"] == ["教务"]


def test_tables_and_workbooks_are_not_offered(estate) -> None:
    estate.write("groups.csv", "id,name\ng,群\n")
    assert estate.run(sources=lambda: pytest.fail("plugins are not needed")).tables["groups"].rows == 1


def test_a_table_of_another_name_may_be_foreign(estate, rows) -> None:
    estate.write("history.csv", "whatever")
    snapshot = estate.run(sources=lambda: [returning({"groups": [{"id": "g"}]}, suffixes=(".csv",))])
    assert rows(snapshot, "groups")[0]["source"] == "made"


def test_a_file_that_nobody_claims_is_still_unknown(estate) -> None:
    estate.write("x.json", "{}")
    assert estate_codes(estate) == ["unknown-file"]


def test_two_claims_are_a_clash(estate) -> None:
    estate.write("x.json", "{}")
    assert estate_codes(estate, returning({}), returning({})) == ["source-clash"]


def fails(self: Source, path: Path) -> Any:
    raise ValueError("机密")


@pytest.mark.parametrize("trait", ["read", "can_read"])
def test_a_source_that_fails_is_named_and_quotes_nothing(estate, trait: str) -> None:
    estate.write("x.json", "{}")
    [(code, text)] = estate.problems(sources=lambda: [returning({}, **{trait: fails})])
    assert code == "source-failed"
    assert "made" in text
    assert "ValueError" in text
    assert "机密" not in text


@pytest.mark.parametrize(
    ("answer", "traits", "codes"),
    [
        ([], {}, ["source-shape"]),
        ({"groups": ["g"]}, {}, ["source-shape"]),
        ({"gruops": []}, {}, ["unknown-table"]),
        ({"groups": [{"id": "g", "nmae": "x"}]}, {}, ["unknown-column"]),
        ({"groups": [{"name": "x"}]}, {}, ["column-missing"]),
        ({"groups": [{"id": "a", "name": "x"}, {"id": "b"}]}, {}, ["source-keys"]),
        ({"groups": [{"id": "g"}]}, {"lacks": ("groups.owner",)}, ["lacks-unknown"]),
        ({"groups": [{"id": "g", "kind": "odd"}]}, {}, ["bad-value"]),
    ],
)
def test_mistakes_in_what_a_source_returns_are_named(estate, answer, traits, codes) -> None:
    estate.write("x.json", "{}")
    assert estate_codes(estate, returning(answer, **traits)) == codes
