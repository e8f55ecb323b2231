"""Notices go out to a real HTTP server and a real mail server, never hold evidence, and are retried as stated."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from policycore.notices import send as sending
from policycore.notices.digest import Item, Notice
from policycore.notices.told import Told
from policycore.store.kept import audit
from policycore.store.store import Store
from policycore.store.workspace import needed_workspace
from tests.cli.kept.conftest import TABLES

TEXTS = """\
  - use: secrecy/classification-mark
    clause: [一-1]
    severity: error
"""


@dataclass
class Hook:
    """A webhook that keeps what it gets and fails so many times first."""

    failures: int = 0
    status: int = 500
    bodies: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 0
    port: int = 0

    @property
    def address(self) -> str:
        """Return the apprise address of the hook, with a secret in it."""
        return f"json://user:S3cret-token@127.0.0.1:{self.port}/"


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Give a webhook on a loopback port."""
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.attempts += 1
            if made.attempts <= made.failures:
                self.send_response(made.status)
            else:
                made.bodies.append(json.loads(body))
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let attempts follow one another at once."""
    monkeypatch.setattr(sending, "_WAIT_SECONDS", 0.0)
    monkeypatch.delenv("POLICYCORE_NOTIFY", raising=False)


def test_a_dry_run_prints_and_sends_nothing(kept: Any, hook: Hook) -> None:
    ran = kept.call("notify", "--dry-run", "--to", hook.address)
    assert ran.code == 0
    assert "For: 王五" in ran.out
    assert ran.out.count("[new] ") == 3
    assert hook.attempts == 0


def test_a_digest_reaches_the_hook_grouped_by_person(kept: Any, hook: Hook) -> None:
    ran = kept.call("notify", "--to", hook.address)
    assert (ran.code, hook.attempts) == (0, 1)
    message = hook.bodies[0]["message"]
    assert message.count("For: ") == 2
    assert "工作二群" in message
    assert "一-1" in message
    assert "1 sent, 0 failed" in ran.err
    # A second run without anything new has nothing to tell but what is due.
    kept.check()
    assert "nothing to tell" in kept.call("notify", "--to", hook.address, "--due-within", "1s").err
    assert hook.attempts == 1
    assert kept.call("audit", "verify").code == 0
    with Store(kept.folder / ".policycore" / "store.sqlite3", read_only=True) as store, store.read() as connection:
        told = [json.loads(entry.details) for entry in audit.entries(connection) if entry.action == "notices"]
    assert told == [{"run": 1, "sent": 1, "failed": 0}]


def test_a_notice_says_what_is_wrong_with_what(kept: Any, hook: Hook) -> None:
    assert kept.call("notify", "--to", hook.address).code == 0
    lines = hook.bodies[0]["message"].splitlines()
    (place,) = [number for number, line in enumerate(lines) if "工作二群 (g2)" in line]
    assert "fail" in lines[place]
    assert "科研处 (d2)" in lines[place]
    assert lines[place + 1].strip() == "owner 王五 has retired"


def test_nobody_is_told_the_same_twice(kept: Any, hook: Hook) -> None:
    told = ("notify", "--to", hook.address, "--due-within", "90d")
    hook.failures = 1
    assert kept.call(*told, "--retries", "0").code == 4  # what did not go out counts as not told
    assert kept.call(*told).code == 0
    assert hook.bodies[0]["message"].count("g1") == 1
    for _ in range(2):
        assert "nothing to tell" in kept.call(*told).err
    kept.check()
    assert "nothing to tell" in kept.call(*told).err
    held = (kept.folder / ".policycore" / "notices-sent.json").read_text(encoding="utf-8")
    assert not any(word in held for word in ("S3cret", "127.0.0.1", "王五"))
    # Another owner who has retired is something else to say of the same group; so is what becomes overdue.
    people = TABLES["people"].replace("王五", "王六")
    kept.estate(16, people=people)
    kept.check()
    assert kept.call(*told).code == 0
    assert "owner 王六 has retired" in hook.bodies[1]["message"]
    workspace = needed_workspace(kept.folder)
    item = Item("f", "k", "t", "4 days", "fail", "", "error", (), True, None)
    Told(workspace).note("a", [Notice(1, "p", "n", (item,))])
    for change, is_news in (({"message": "9 days"}, False), ({"overdue": True}, True), ({"verdict": "suspect"}, True)):
        assert bool(Told(workspace).news("a", [Notice(2, "p", "n", (replace(item, **change),))])) is is_news, change


@pytest.mark.parametrize(
    ("status", "words"), [(500, "answered 500"), (404, "answered 404"), (401, "does not accept"), (0, "reached")]
)
def test_a_failure_says_why_and_no_secret(kept: Any, hook: Hook, status: int, words: str) -> None:
    hook.failures, hook.status = 9, status
    address = hook.address if status else "json://user:S3cret-token@127.0.0.1:9/"
    ran = kept.call("notify", "--to", address, "--retries", "0")
    assert ran.code == 4
    assert words in ran.err
    assert not any(secret in ran.err for secret in ("S3cret", "127.0.0.1"))


def test_people_without_an_address_are_named_and_mailboxes_need_a_server(kept: Any, hook: Hook) -> None:
    file = kept.folder / ".policycore" / "notices.yaml"
    file.write_text(f"policycore: 1\npeople: {{p9: '{hook.address}'}}\n", encoding="utf-8")
    ran = kept.call("notify", "--dry-run")
    assert ran.code == 0
    assert "王五 (p3) has no address" in ran.err
    file.write_text("policycore: 1\npeople: {p3: wang@office.example}\n", encoding="utf-8")
    assert "mail:" in kept.call("notify", "--dry-run").err
    server = "mailto://user:S3cret@smtp.office.example"
    file.write_text(f"policycore: 1\nmail: {server}\npeople: {{p3: wang@office.example}}\n", encoding="utf-8")
    ran = kept.call("notify", "--dry-run")
    assert (ran.code, "For: 王五" in ran.out, "S3cret" in ran.err) == (0, True, False)


def test_the_address_book_is_written_filled_in_and_taken(kept: Any, hook: Hook) -> None:
    for language, column in (("en", "address"), ("zh", "地址")):
        assert kept.call("--lang", language, "notify", "addresses", "--format", "csv", "--output", "book.csv").code == 0
        text = (kept.folder / "book.csv").read_text(encoding="utf-8-sig")
        (row,) = [line for line in text.splitlines() if '"p3"' in line]
        assert column in text.splitlines()[0]
        assert row.endswith(',""')
    filled = text.replace(row, row.removesuffix('""') + f'"{hook.address}"')
    (kept.folder / "book.csv").write_text(filled, encoding="utf-8-sig")
    assert kept.call("notify", "addresses", "--import", "book.csv").code == 0
    shown = kept.call("notify", "addresses").out
    assert "json://…" in shown
    assert "S3cret" not in shown
    assert kept.call("notify").code == 0
    assert "For: 王五" in hook.bodies[0]["message"]
    before = (kept.folder / ".policycore" / "notices.yaml").read_bytes()
    (kept.folder / "book.csv").write_text("person,address\np3,nosuch://S3cret\n", encoding="utf-8")
    ran = kept.call("notify", "addresses", "--import", "book.csv")
    assert (ran.code, "S3cret" in ran.err) == (2, False)
    assert (kept.folder / ".policycore" / "notices.yaml").read_bytes() == before
    (kept.folder / "book.csv").write_text("a,b\n", encoding="utf-8")
    assert kept.call("notify", "addresses", "--import", "book.csv").code == 3


def test_no_evidence_and_no_facts_leave(kept: Any, hook: Hook) -> None:
    file = kept.folder / "set.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("attestations:\n", TEXTS + "attestations:\n"), "utf-8")
    mark = "机密★10年"
    kept.estate(
        16,
        groups=kept.groups_without().replace("工作一群", f"{mark}群"),
        messages=f"id,group_id,sent_at,sender_id,type,text\nm1,g1,2024-04-10,a1,text,{mark} 会议方案\n",
        attachments="id,message_id,name\n",
    )
    ran = kept.check()
    assert ran.code == 1, ran.err
    kept.call("notify", "--to", hook.address)
    said = json.dumps(hook.bodies, ensure_ascii=False)
    assert "SEC001" in said
    assert "会议方案" not in said
    assert "g1" in said
    secret = next(line for line in hook.bodies[0]["message"].splitlines() if "SEC001" in line)
    assert mark not in secret


def test_a_group_whose_name_is_the_evidence_is_named_by_its_id_in_every_notice(kept: Any, hook: Hook) -> None:
    file = kept.folder / "set.yaml"
    rules = TEXTS.replace("classification-mark", "classification-mark-on-group")
    file.write_text(file.read_text(encoding="utf-8").replace("attestations:\n", rules + "attestations:\n"), "utf-8")
    mark = "机密★10年"
    kept.estate(
        16,
        groups=kept.groups_without()
        .replace("工作一群", f"{mark}群")
        .replace("owner_id,", "owner_id,announcement,")
        .replace(",d1,a3,", ",d1,a3,x,")
        .replace(",d2,a3,", ",d2,a3,x,")
        .replace(",d2,a1,", ",d2,a1,x,"),
    )
    ran = kept.check()
    assert ran.code == 1, ran.err
    for run in ("1", "2"):
        kept.call("notify", run, "--to", hook.address)
    said = json.dumps(hook.bodies, ensure_ascii=False)
    assert "SEC002" in said
    assert "LOCAL-1" in said
    assert mark not in said


@pytest.mark.parametrize(("failures", "retries", "attempts", "code"), [(1, 2, 2, 0), (9, 2, 3, 4), (9, 0, 1, 4)])
def test_a_failure_is_tried_again_as_often_as_stated(
    kept: Any, hook: Hook, failures: int, retries: int, attempts: int, code: int
) -> None:
    hook.failures = failures
    # What an address says of retries does not count: there is one place that says it.
    ran = kept.call("notify", "--to", f"{hook.address}?retry=5&optional=yes", "--retries", str(retries))
    assert (ran.code, hook.attempts) == (code, attempts)
    assert "S3cret" not in ran.err + ran.out
    assert "127.0.0.1" not in ran.err + ran.out


def test_a_dry_run_refuses_an_address_that_is_none(kept: Any) -> None:
    ran = kept.call("notify", "--dry-run", "--to", "bogus-secret")
    assert (ran.code, ran.out) == (2, "")
    assert "bogus" not in ran.err


def test_people_get_their_own_and_addresses_come_from_file_and_environment(
    kept: Any, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_OF_WANG", hook.address)
    file = kept.folder / ".policycore" / "notices.yaml"
    file.write_text("policycore: 1\npeople:\n  p3: env:HOOK_OF_WANG\n", encoding="utf-8")
    assert kept.call("notify").code == 0
    assert [body["message"].count("For: ") for body in hook.bodies] == [1]
    assert "For: 王五" in hook.bodies[0]["message"]
    monkeypatch.delenv("HOOK_OF_WANG")
    assert kept.call("notify").code == 2
    file.write_text("policycore: 1\nperson: {}\n", encoding="utf-8")
    assert kept.call("notify").code == 2
    file.unlink()
    assert kept.call("notify").code == 2
    wrong = kept.call("notify", "--to", "nosuch://S3cret@host")
    assert wrong.code == 2
    assert "S3cret" not in wrong.err
    monkeypatch.setenv("POLICYCORE_NOTIFY", f"{hook.address} {hook.address}")
    assert kept.call("notify").code == 0
    assert len(hook.bodies) == 2, "an address that is named twice is one"
    assert "王五" not in hook.bodies[1]["message"], "that was told this address already"


def test_mail_reaches_a_mail_server(kept: Any) -> None:
    from aiosmtpd.controller import Controller

    got: list[Any] = []

    class Box:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            got.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        address = f"mailto://127.0.0.1:{port}?from=policy@example.test&to=head@example.test&mode=insecure"
        ran = kept.call("notify", "--to", address)
    finally:
        controller.stop()
    assert ran.code == 0, ran.err
    receivers, message = got[0]
    assert receivers == ["head@example.test"]
    assert "Group check: 3 new, 0 due" in message["Subject"]
    body = message.get_body(("plain",)).get_content()
    assert "For: 王五" in body


def test_notifiers_of_plugins_are_asked(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from policycore.plugin_api.plugins import PluginSet

    class Robot:
        name = "robot"

        def __init__(self, failing: bool) -> None:
            self.failing = failing
            self.told: list[Any] = []

        def send(self, notices: Any) -> None:
            self.told.append(notices)
            if self.failing:
                raise RuntimeError("https://S3cret")

    good, bad = Robot(False), Robot(True)
    monkeypatch.setattr(PluginSet, "notifiers", (good, bad))
    ran = kept.call("notify", "--retries", "1")
    assert ran.code == 4
    assert (len(good.told), len(bad.told)) == (1, 2)
    assert "S3cret" not in ran.err
    assert {notice.name for notice in good.told[0]} == {"王五", ""}
