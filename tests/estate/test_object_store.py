"""Snapshots in object stores: which addresses are taken, what is said of a store, and that nothing stays behind."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest

from policycore.errors import DataError, ExitCode, PolicycoreError, UsageError
from policycore.estate import object_store
from policycore.estate.object_store import fetch_snapshot, require_address, shown_address
from policycore.estate.snapshot import Snapshot, write_tables
from policycore.estate.store_reader import without_secrets
from policycore.operations.import_estate import name_of, open_estate
from tests.object_stores import OWN_SECRET, LittleStore

SECRET = "dont-tell"  # noqa: S105 - what must not be seen again


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    table = pyarrow.table({"id": ["g1"], "name": ["甲"]})
    return write_tables({"groups": table}, tmp_path / "made", as_of=datetime(2024, 4, 15, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.mark.parametrize(
    "address",
    [
        *("s3://bucket", "s3://bucket/", "s3://bucket/a/b-c_d.e", "s3://桶/群组 甲?region=cn-north-1", "gs://bucket/a"),
        *("gcs://b/a", "gs://anonymous@b/a", "abfs://container@account.dfs.core.windows.net/a", "abfss://c@account/a"),
        "s3://b/a?scheme=http&endpoint_override=127.0.0.1:9000",
        "s3://b/a?endpoint_override=store.example:9000&tls_ca_file_path=/etc/ca.pem",
        "abfs://account@127.0.0.1:10000/c/a?enable_tls=false&credential_kind=anonymous",
    ],
)
def test_addresses_of_stores_are_taken(address):
    require_address(address)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        *((one, "address") for one in ("s3://", "s3:///a", "s4://b/a", "file:///a", "http://b/a", "hdfs://b/a", "://")),
        *((f"s3://{one}", "address") for one in (f"k:{SECRET}@b/a", f"k:{SECRET}/x@b/a", f"k%3A{SECRET}@b/a")),
        *((f"s3://{one}", "address") for one in (f"{SECRET}@b/a", f"k:{SECRET}?x@b/a", f"b/a#{SECRET}", "b/\x1b[31m")),
        (f"abfs://account:{SECRET}@127.0.0.1:10000/c/a", "address"),
        (f"s3://b/a?endpoint_override=k:{SECRET}@host", "address"),
        *((f"s3://b/a?{one}={SECRET}", "setting") for one in ("secret_key", "access_token", "sig", "client_secret")),
        ("s3://b/a?scheme=http", "plain"),
        ("s3://b/a?endpoint_override=http://10.0.0.1:80", "plain"),
        ("gs://b/a?scheme=http&endpoint_override=127.0.0.1.example:80", "plain"),
        ("abfs://account@10.0.0.1:10000/c/a?enable_tls=false", "plain"),
    ],
)
def test_an_address_that_is_none_or_tells_a_secret_or_lets_others_listen_is_refused_unsaid(address, code):
    with pytest.raises(UsageError) as refused:
        require_address(address)
    assert [one.code for one in refused.value.problems] == [f"estate.store-{code}"]
    assert SECRET not in str(refused.value)


def test_a_command_that_is_given_a_secret_does_not_repeat_it(run):
    address = f"s3://k:{SECRET}@b/a"
    ended = run("check", "--ruleset", "fingertip-formalism", "--no-store", "--estate", address, "--format", "json")
    assert ended.code == ExitCode.USAGE
    assert SECRET not in ended.out + ended.err


def test_a_store_named_by_a_variable_is_no_exception(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://10.0.0.1:9000")
    with pytest.raises(UsageError):
        require_address("s3://b/a")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")
    require_address("s3://b/a")


def test_a_snapshot_in_a_store_is_the_one_that_was_uploaded_and_goes_when_it_is_closed(snapshot, little_store):
    address = little_store.put("bucket/here", snapshot.folder)
    with open_estate(address) as found:
        assert (found.id, found.folder == snapshot.folder) == (snapshot.id, False)
        assert found.tables["groups"].path.read_bytes() == snapshot.tables["groups"].path.read_bytes()
        assert (shown_address(found.address), name_of(address)) == ("s3://bucket/here", "here")
        folder = found.folder
    assert not folder.exists()


def _cut(store: LittleStore, name: str) -> None:
    store.files[name] = store.files[name][:-1] + b"x"


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (lambda store: store.files.clear(), "store-nothing", ""),
        (lambda store: store.files.pop("/b/a/groups.parquet"), "store-incomplete", "/groups.parquet"),
        (lambda store: _cut(store, "/b/a/groups.parquet"), "store-incomplete", "/groups.parquet"),
        (lambda store: store.files.update({"/b/a/manifest.yaml": b"policycore: 1\n"}), "no-snapshot", ""),
        (lambda store: store.refused.update({"/b/a/groups.parquet": 403}), "store-denied", "/groups.parquet"),
        (lambda store: store.refused.update({"/b/a/groups.parquet": 400}), "store-failed", "/groups.parquet"),
        (lambda store: store.refused.update({"/b/a/groups.parquet": 0}), "store-silent", "/groups.parquet"),
    ],
)
def test_what_is_wrong_with_a_store_is_said_and_nothing_stays(
    change, code, place, snapshot, little_store, monkeypatch, tmp_path
):
    address = little_store.put("b/a", snapshot.folder)
    change(little_store)
    monkeypatch.setattr(object_store, "MOST_SILENT", 2.0 if code == "store-silent" else 60.0)
    with pytest.raises(DataError) as refused:
        fetch_snapshot(address)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.file) == (f"estate.{code}", f"s3://b/a{place}")
    assert problem.why or problem.fix
    assert OWN_SECRET not in str(problem)
    assert not list((tmp_path / "temporary").iterdir())


def test_what_variables_hold_of_who_asks_is_not_repeated(monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", SECRET)
    assert without_secrets(f"no {SECRET} here") == "no … here"


@pytest.mark.long
def test_a_real_store_says_what_the_little_one_says(snapshot, swift, monkeypatch):
    import pyarrow.fs

    from tests.object_stores import OWN_KEY

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OWN_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", OWN_SECRET)
    settings = f"?endpoint_override={swift}&scheme=http&region=here"
    store, _ = pyarrow.fs.FileSystem.from_uri(f"s3://estates{settings}&allow_bucket_creation=true")
    store.create_dir("estates")
    for file in snapshot.folder.iterdir():
        with store.open_output_stream(f"estates/群组 甲/{file.name}") as target:
            target.write(file.read_bytes())
    with fetch_snapshot(f"s3://estates/群组 甲{settings}") as found:
        assert found.id == snapshot.id
    store.delete_file("estates/群组 甲/groups.parquet")

    def code(name: str) -> str:
        with pytest.raises(PolicycoreError) as refused:
            fetch_snapshot(f"s3://{name}{settings}")
        return refused.value.problems[0].code.removeprefix("estate.store-")

    assert [code(one) for one in ("estates/群组 甲", "estates/none", "none/none")] == ["incomplete", *["nothing"] * 2]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test:other")
    assert code("estates/群组 甲") == "denied"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-one")
    assert code("estates/群组 甲") == "denied"
