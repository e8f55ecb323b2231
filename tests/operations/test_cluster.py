"""A check whose work others share: which addresses are taken, what is compared, and that nothing else changes."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import cloudpickle
import psutil
import pytest

from policycore.engine import buckets
from policycore.engine.run import RuleJudged
from policycore.errors import DataError, ExitCode, PolicycoreError, Problem
from policycore.operations import cluster as module
from policycore.operations.check import check
from policycore.operations.cluster import open_cluster
from policycore.operations.import_estate import import_estate

RULESET = "fingertip-formalism"
TLS = "DASK_DISTRIBUTED__COMM__TLS__"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        *(
            (one, "address")
            for one in (
                *("", "local:0", "local:65", "local:-1", "local:two", "locale", "local:2:2"),
                *("host", "host:0", "tls://host", "tls://host:99999", "http://host:80", "tls://a b:1", "tls://h:1/x"),
                "tls://host:1\x1b[31m",
            )
        ),
        *(
            (one, "plain")
            for one in (*("tcp://10.0.0.1:8786", "host:8786", "tcp://[fe80::1]:8786"), "tcp://localhost.example:8786")
        ),
        ("tls://127.0.0.1:8786", "certificates"),
        ("127.0.0.1:1", "unreached"),
    ],
)
def test_what_is_no_safe_address_is_refused_before_anything_is_sent(address, code, monkeypatch):
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 0.2)
    with pytest.raises(PolicycoreError) as refused, open_cluster(address):
        pass
    assert [one.code for one in refused.value.problems] == [f"operations.cluster.{code}"]
    assert refused.value.exit_code == (ExitCode.INCOMPLETE if code == "unreached" else ExitCode.USAGE)


def test_without_the_extra_the_command_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    ended = run("check", "--ruleset", RULESET, "--estate", tmp_path, "--no-store", "--cluster", "local:1")
    assert ended.code == ExitCode.USAGE
    assert "pip install 'policycore[cluster]'" in ended.err


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo's estate as a snapshot, and a workspace."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run([sys.executable, "-m", "policycore", "demo", folder / "made"], check=True, capture_output=True)
    import_estate(folder / "made" / "estate", folder / "snapshot")
    return folder


def _report(demo: Path, target: Path, **how) -> tuple[bytes, bytes, list[tuple[str, str]]]:
    """Check in a workspace of its own; return the report, what is kept of the run, and the kept columns' hashes."""
    from policycore.store.workspace import needed_workspace

    shutil.copytree(demo / "made" / ".policycore", target / ".policycore")
    outcome = check(demo / "snapshot", RULESET, workspace=needed_workspace(target / ".policycore"), **how)
    assert outcome.failure is None
    assert outcome.run is not None
    kept = outcome.report("md", "en")
    return outcome.report("json"), kept, [(one.texts.rule, one.address) for one in outcome.result.findings.rows]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_workers_report_and_record_the_same_and_one_that_is_killed_changes_nothing(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(buckets, "LEAST_IN_BUCKET", 1_000)
    killed = []

    def kill(event: object) -> None:
        workers = psutil.Process().children()
        if isinstance(event, RuleJudged) and len(workers) > 1 and not killed:
            killed.append(max(workers, key=lambda one: sum(one.cpu_times()[:2])))
            killed[0].send_signal(signal.SIGKILL)

    alone = _report(demo, tmp_path / "alone")
    assert _report(demo, tmp_path / "shared", cluster="local:2") == alone
    assert _report(demo, tmp_path / "killed", cluster="local:2", tell=kill) == alone
    assert killed


@pytest.fixture
def processes(tmp_path) -> Iterator[Callable[..., tuple[str, subprocess.Popen[bytes]]]]:
    """Return a function that starts a scheduler or a worker, with environment and options; it says the address too."""
    with ExitStack() as held:

        def start(kind: str, *arguments: object, **environment: str) -> tuple[str, subprocess.Popen[bytes]]:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            where = ["--port", port] if kind == "scheduler" else ["--worker-port", port]
            file = tmp_path / f"{kind}-{port}.log"
            log = held.enter_context(file.open("wb"))
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "distributed.cli.dask_" + kind, "--host", "127.0.0.1", "--no-dashboard"),
                    *map(str, (*where, *arguments)),
                ],
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )
            held.callback(process.wait)
            held.callback(process.terminate)
            ends, ready = time.monotonic() + 60, ("Scheduler at:", "Registered to:")
            while not any(word in file.read_text() for word in ready) and time.monotonic() < ends:
                time.sleep(0.1)
            return f"127.0.0.1:{port}", process

        yield start


def _certificates(folder: Path) -> dict[str, str]:
    """Write a CA's certificate and one that it signed, with its key; return them as Dask's settings name them."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder.mkdir()
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "own")}
    names = {name: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in keys}
    now = datetime.now(UTC)
    for name, key in keys.items():
        made = (
            x509.CertificateBuilder(names["ca"], names[name], key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=name == "ca", path_length=None), critical=True)
            .sign(keys["ca"], hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "own.key").write_bytes(keys["own"].private_bytes(serialization.Encoding.PEM, *form))
    pairs = {
        f"{TLS}{role}__{kind}": str(folder / file)
        for role in ("CLIENT", "SCHEDULER", "WORKER")
        for kind, file in (("CERT", "own.pem"), ("KEY", "own.key"))
    }
    return {f"{TLS}CA_FILE": str(folder / "ca.pem"), **pairs}


def _plugin(folder: Path, version: str) -> str:
    """Write an installed distribution with a plugin that brings nothing; return its folder."""
    info = folder / f"acme_rules-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: acme-rules\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[policycore]\nacme = acme_rules\n")
    (info / "RECORD").write_text("acme_rules.py,,\n")
    (folder / "acme_rules.py").write_text("")
    return str(folder)


@pytest.mark.long
def test_a_cluster_with_tls_gives_the_same_report_and_nobody_else_reaches_it(demo, tmp_path, start, processes):
    mine, others = _certificates(tmp_path / "mine"), _certificates(tmp_path / "others")
    address = "tls://" + processes("scheduler", "--protocol", "tls", **mine)[0]
    processes("worker", address, "--protocol", "tls", "--nthreads", "2", **mine)
    how = ("check", "--ruleset", RULESET, "--estate", demo / "snapshot", "--no-store", "--format", "json")
    alone, shared = start(*how), start(*how, "--cluster", address, **mine)
    assert (shared.code, shared.out) == (alone.code, alone.out)
    assert start(*how, "--cluster", address, **others).code == ExitCode.INCOMPLETE
    folder = start(*how[:4], demo / "made" / "estate", "--no-store", "--cluster", address, **mine)
    assert (folder.code, "policycore import" in folder.err) == (ExitCode.USAGE, True)


@pytest.mark.long
def test_a_worker_with_another_version_of_a_plugin_is_named_before_anything_is_judged(demo, tmp_path, start, processes):
    address, _ = processes("scheduler")
    processes("worker", address, PYTHONPATH=_plugin(tmp_path / "there", "1.1"))
    here = _plugin(tmp_path / "here", "1.0")
    how = ("check", "--ruleset", RULESET, "--estate", demo / "snapshot", "--no-store", "--cluster", address)
    ended = start(*how, PYTHONPATH=here, POLICYCORE_LANG="en")
    assert ended.code == ExitCode.INCOMPLETE
    assert "tcp://127.0.0.1:" in ended.err
    assert all(one in ended.err for one in ("acme-rules", "1.1", "1.0"))
    assert not ended.out


@pytest.mark.long
def test_files_are_read_by_the_workers_with_the_same_snapshot_and_one_that_they_do_not_see_is_named(
    tmp_path, monkeypatch
):
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "groups.csv").write_text("id,name\ng1,甲\n", "utf-8")
    names = [f"{number}.txt" for number in range(7)]
    for number, name in enumerate(names):
        (folder / name).write_text(f"第{number % 3}份", "utf-8")
    rows = "".join(f"m{number},g1,file\n" for number in range(7))
    (folder / "messages.csv").write_text(f"id,group_id,type\n{rows}", "utf-8")
    rows = "".join(f"f{number},m{number},{name},{name}\n" for number, name in enumerate(names))
    (folder / "attachments.csv").write_text(f"id,message_id,name,path\n{rows}", "utf-8")
    how = {"as_of": "2024-04-15", "timezone": "Asia/Shanghai"}
    alone = import_estate(folder, tmp_path / "alone", **how)
    assert import_estate(folder, tmp_path / "shared", cluster="local:1", **how).id == alone.id
    monkeypatch.setattr(Path, "absolute", lambda path: Path("/nowhere") / path.name)
    with pytest.raises(DataError) as unseen, open_cluster("local:1") as cluster:
        cluster.read_files({"00": folder / "0.txt"}, "all")
    assert [one.code for one in unseen.value.problems] == [
        f"operations.cluster.{one}" for one in ("no-data", "no-file")
    ]


@pytest.mark.long
def test_a_scheduler_that_is_gone_ends_the_check_in_words(demo, tmp_path, processes):
    address, scheduler = processes("scheduler")
    processes("worker", address)

    def end(event: object) -> None:
        if isinstance(event, RuleJudged):
            scheduler.kill()

    began = time.monotonic()
    with pytest.raises(PolicycoreError) as lost:
        check(demo / "snapshot", RULESET, cluster=address, tell=end)
    assert [one.code for one in lost.value.problems] == ["operations.cluster.lost"]
    assert time.monotonic() - began < 90


def test_a_worker_that_sees_other_data_is_named_with_what_it_misses(monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(address="tls://two:1"))

    def missing(_item: object) -> None:
        raise DataError(Problem("estate.no-manifest", "there is no manifest.yaml"))

    told = module._Told(cloudpickle.dumps(missing), {}, "en")
    failed = module._done(pickle.loads(pickle.dumps(told)), 1)  # noqa: S301 - made in this line
    assert failed.kind is DataError
    assert [one.code for one in failed.problems] == ["operations.cluster.no-data", "estate.no-manifest"]
    assert "tls://two:1" in failed.problems[0].what


def test_what_is_told_is_sent_on_without_what_a_worker_keeps_of_it():
    told = module._Told(cloudpickle.dumps(str), {}, "en")
    before = pickle.dumps(told)
    assert told.known(1) == "1"
    assert pickle.dumps(told) == before
