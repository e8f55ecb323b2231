"""What bears a classification mark leaves the snapshot by no way, whichever field it stands in."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import policycore
from policycore.decisions.attestations import SignedStatement
from policycore.estate.snapshot import open_snapshot
from policycore.model.found import unpack
from policycore.model.schema import table_schemas
from tests.command_line import Run

MANIFEST = "policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\n"
FORMATS = ("text", "json", "csv", "md", "html", "sarif", "junit", "xlsx", "prom")
INNOCENT = ("评分秘密★★★★☆", "《绝密★飞行》", "绝密★9.0/10", "保守国家秘密")
RULE = """
  - id: {id}
    name: local/{name}
    sql: |
{sql}
    message: {{zh: "{message}", en: "{message}"}}
"""
# Facts, lists of them and structures in every kind of subject.
RULES = {
    "GROUPS": "SELECT id AS group_id, name AS named, purpose, announcement, scope FROM groups",
    "LISTS": """SELECT g.id AS group_id, list(DISTINCT m.display_name ORDER BY m.display_name) AS names,
                any_value(e.detail) AS detail, any_value(t.title) AS title FROM groups g
        JOIN memberships m ON m.group_id = g.id LEFT JOIN events e ON e.group_id = g.id
        LEFT JOIN tasks t ON t.id = g.task_id GROUP BY g.id""",
    "MEMBERS": "SELECT group_id, account_id, display_name FROM memberships",
    "MESSAGES": "SELECT group_id, id AS message_id, length(text) AS length FROM messages",
    "PEOPLE": "SELECT id AS person_id, name AS named, former_names FROM people",
    "DEPARTMENTS": "SELECT id AS department_id, name AS named, aliases, kind FROM departments",
    "TASKS": "SELECT id AS task_id, title FROM tasks",
    "SUBMISSIONS": "SELECT id AS submission_id, kind AS what, place, receiver FROM submissions",
}


class Canaries:
    """Texts that bear a mark, every one another, plain and encoded in turn; `all` are those that were made."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self) -> str:
        number = len(self.all)
        plain = f"獬豸{number}号 机密★10年"
        forms = (
            plain,
            f"绝密 ☆ 长期 獬豸{number}号",
            base64.b64encode(plain.encode()).decode(),
            plain.encode("gbk").decode("latin-1"),
            base64.b64encode(plain.encode("utf-16-le")).decode(),
            f"獬豸{number}号&#26426;密★10年",
            base64.b64encode(plain.encode("gbk")).decode(),
            plain.encode("utf-8").hex(),
        )
        self.all.append(forms[number % len(forms)])
        return self.all[-1]


def words(table: str, canary: Canaries) -> dict[str, object]:
    """Return a canary for every column of a table in which people write."""
    columns = table_schemas()[table].columns.values()
    fixed = ("id", "sha256", "media_type", "mentions", "source", "platform")
    texts = {one.name: one.type for one in columns if not one.references and one.name not in fixed}
    return {
        name: canary() if kind == "text" else [canary()] for name, kind in texts.items() if kind in ("text", "list")
    }


def write_estate(folder: Path, canary: Canaries) -> None:
    """Write an interchange folder with canaries in every text of three rows of every table."""
    folder.mkdir()
    (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    for turn in ("1", "2", "3"):
        ids = {
            "departments": {"id": f"d{turn}"},
            "people": {"id": f"p{turn}", "status": "active"},
            "accounts": {"id": f"a{turn}", "person_id": f"p{turn}", "kind": "internal"},
            "groups": {
                "id": f"g{turn}" if turn == "1" else canary(),
                "department_id": f"d{turn}",
                "owner_id": f"a{turn}",
                "kind": "project",
                "task_id": f"t{turn}",
                "scope": {"titles": [canary()]},
            },
            "tasks": {"id": f"t{turn}", "state": "done", "done_at": "2024-01-01"},
            "submissions": {"id": f"s{turn}", "department_id": f"d{turn}"},
        }
        ids["memberships"] = {"group_id": ids["groups"]["id"], "account_id": f"a{turn}", "role": "member"}
        ids["events"] = {"id": f"e{turn}", "group_id": ids["groups"]["id"], "kind": "rename", "at": "2024-04-01"}
        ids["messages"] = {"id": f"m{turn}", "group_id": ids["groups"]["id"], "sender_id": f"a{turn}", "type": "text"}
        ids["attachments"] = {"id": f"f{turn}", "message_id": f"m{turn}"}
        for table, row in ids.items():
            with (folder / f"{table}.jsonl").open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({**words(table, canary), **row}, ensure_ascii=False) + "\n")
    for number, name in enumerate(INNOCENT):
        row = {"id": f"i{number}", "name": name, "department_id": "d1", "kind": "project"}
        with (folder / "groups.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_rules(path: Path) -> None:
    """Write a rule set without a rule on marks, whose facts hold every text."""
    columns = {"MEMBERS": "{display_name}", "GROUPS": "{named} {group}"}
    own = "".join(
        RULE.format(
            id=name,
            name=name.lower(),
            sql="\n".join(f"      {line}" for line in sql.splitlines()),
            message=columns.get(name, "x"),
        )
        for name, sql in RULES.items()
    )
    path.write_text(
        "policycore: 1\nruleset: open\ntitle: {zh: 一, en: one}\nrules:\n"
        "  - {use: ownership/owner-present}\n  - {use: dormancy/task-unknown}\n"
        "  - {use: admission/display-name-format}\n" + own,
        encoding="utf-8",
    )


def left(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield whatever lies in a folder outside snapshots, unpacked as far as it goes."""
    for path in folder.rglob("*"):
        if not path.is_file() or {"in", "snapshot", "snapshots"} & set(path.relative_to(folder).parts):
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path}:{name}", archive.read(name)) for name in archive.namelist())
        if path.read_bytes()[:15] == b"SQLite format 3":
            connection = sqlite3.connect(path)
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield from ((f"{path}:{table}", _unpacked(cell)) for cell in row if isinstance(cell, bytes))
            connection.close()


def _unpacked(cell: bytes) -> bytes:
    """Return what a cell of the store holds, whatever it is packed in."""
    for read in (lambda raw: repr(unpack(raw).to_pylist()).encode(), zlib.decompress, gzip.decompress):
        try:
            return read(cell)
        except (ValueError, zlib.error, OSError):
            continue
    return cell


def seen(canaries: list[str], where: bytes) -> set[str]:
    """Return the canaries, or what they hide, that stand in some bytes in any encoding."""
    told = {*canaries, *(text for text in ("獬豸", "机密★10年"))}
    found = set()
    for text in told:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gbk"):
            raw = text.encode(encoding, "ignore")
            begun = base64.b64encode(raw[: len(raw) // 3 * 3])
            if (len(raw) > 5 and raw in where) or begun in where:
                found.add(text)
        if json.dumps(text)[1:-1].encode() in where or ascii(text)[1:-1].encode() in where:
            found.add(text)
    return found


@pytest.mark.long
def test_no_canary_leaves_the_snapshot(tmp_path: Path, run: Run) -> None:
    canary, said = Canaries(), []
    write_estate(tmp_path / "in", canary)
    write_rules(tmp_path / "open.yaml")
    assert len(canary.all) >= 60

    def told(*arguments: object) -> str:
        ended = run(*arguments)
        assert ended.code in (0, 1, 3, 4) or "waive" in arguments, ended.err
        assert "Traceback" not in ended.err
        said.append((" ".join(map(str, arguments[:4])), (ended.out + ended.err).encode("utf-8", "surrogateescape")))
        return ended.out

    told("init", tmp_path / "ws")
    at = ("--workspace", tmp_path / "ws")
    told("import", tmp_path / "in", "--estate", tmp_path / "snapshot")
    assert open_snapshot(tmp_path / "snapshot").tables["groups"].rows == 3 + len(INNOCENT)
    check = ("check", "--ruleset", tmp_path / "open.yaml", "--estate", tmp_path / "snapshot", *at)
    reports = {
        name: told(*check, "--format", name, *(("--output", tmp_path / "r.xlsx") if name == "xlsx" else ()))
        for name in FORMATS
    }
    told(*check, "--log", tmp_path / "log.jsonl", "--profile", "--gap-subjects", "--format", "json")
    listed = json.loads(reports["json"])["findings"]
    assert {one["rule"] for one in listed} >= set(RULES)
    for name in ("list", *FORMATS):
        told("findings", "--format", name, "--output", tmp_path / f"list.{name}", *at)
    for one in {one["rule"]: one for one in listed}.values():
        told("explain", one["id"], *at)
        told("history", one["id"], *at)
    for command in (
        ("gaps", "--format", "json"), ("gaps",), ("history", "--json"), ("diff", "--all"), ("diff", "--json", "--all"),
        ("report", "--format", "html"), ("audit", "show"), ("snapshots",),
        ("notify", "--dry-run", "--to", "mailto://checks@office.example"),
        ("forecast", "--days", "2"), ("impact", tmp_path / "open.yaml", tmp_path / "open.yaml"),
        ("gaps", "--subjects", "local/messages"),
        ("gaps", "--subjects", "local/groups"),
        ("waive", "--baseline", "--requester", "p1", "--approver", "p2", "--until", "2024-05-01"),
        ("waive", "--list"),
    ):  # fmt: skip
        told(*command, *at)
    plan = ("--ruleset", tmp_path / "open.yaml", "--estate", tmp_path / "snapshot")
    told("plan", "membership", "--all", "--yes", "--format", "json", *plan)
    for text in INNOCENT:
        assert text.encode() in reports["text"].encode(), text

    clear = [(where, text) for where, raw in (*said, *left(tmp_path)) for text in sorted(seen(canary.all, raw))]
    assert clear == []
    # In their stead: level, place, length and keyed hash.
    assert all(
        "#" in one["subject"]["name"] for one in listed if one["rule"] == "GROUPS" and one["subject"]["id"][0] != "i"
    )
    # In clear only for a reason, which is kept.
    shown = next(one for one in listed if one["rule"] == "GROUPS" and one["subject"]["id"] == "g1")
    assert run("explain", shown["id"], "--reveal", " ", *at).code == 2
    assert run("explain", shown["id"], "--reveal", "called by the secrecy office", *at).out.strip() in canary.all
    assert "called by the secrecy office" in run("audit", "show", *at).out
    # So does the group whose id it is, which is asked for by the id.
    hidden = next(one for one in listed if one["rule"] == "GROUPS" and one["subject"]["id"][0] == "[")
    told_in_clear = run("explain", hidden["id"], "--reveal", "called by the secrecy office", *at).out.split("\n")
    assert len(told_in_clear) == 3
    assert {*told_in_clear[:2]} <= {*canary.all}
    assert hidden["id"] in run("findings", "--group", told_in_clear[1], *at).out


def test_an_import_quotes_no_mark(tmp_path: Path, run: Run) -> None:
    canary = Canaries()
    folder = tmp_path / "in"
    write_estate(folder, canary)
    rows = [{"id": canary(), "name": canary(), "status": canary(), "status_since": canary()} for _ in range(8)]
    (folder / "people.jsonl").write_text("\n".join(json.dumps(row) for row in rows * 2), encoding="utf-8")
    (folder / f"{'机密★10年獬豸'}.csv").write_text("id,name\n1,2\n", encoding="utf-8")
    texts = []
    for options in ((), ("--lenient",)):
        ended = run("import", folder, "--estate", tmp_path / "snapshot", *options)
        texts += [ended.out, ended.err]
        assert seen(canary.all, (ended.out + ended.err).encode()) == set(), ended.err
    assert "[机密 " in "".join(texts)


def test_what_people_note_bears_no_mark_either() -> None:
    signed = datetime(2024, 4, 1, tzinfo=UTC)
    statement = SignedStatement("A-1", "一", "d1", "p1", signed, "0" * 64, "机密★10年獬豸.pdf", text="獬豸 机密★10年")
    assert seen([], repr(statement).encode()) == set()


def test_one_function_decides_what_may_be_shown() -> None:
    root = Path(policycore.__file__).parents[1]
    sources = (path for part in ("policycore", "plugins", "tui") for path in (root / part).rglob("*.py"))
    taken = re.compile(r"text\.mask import .*\bmask\b")
    masking = [str(path.relative_to(root)) for path in sources if taken.search(path.read_text("utf-8"))]
    assert masking == [str(Path("policycore/text/shown.py"))]
