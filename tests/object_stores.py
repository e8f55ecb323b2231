"""Object stores that tests read from: a pytest plugin. One is a real OpenStack Swift, where that is installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

OWN_KEY, OWN_SECRET = "test:tester", "testing-in-secret"


class LittleStore(ThreadingHTTPServer):
    """What a store says to somebody who reads: `files` by path, and statuses that some paths are answered with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files: dict[str, bytes] = {}
        self.refused: dict[str, int] = {}
        """By path the status of its answer; 0 for none at all."""

    def address(self, name: str) -> str:
        """Return the address of a folder in a bucket."""
        return f"s3://{name}?endpoint_override=127.0.0.1:{self.server_port}&scheme=http&region=here"

    def put(self, name: str, folder: Path) -> str:
        """Put the files of a folder there; return its address."""
        self.files |= {f"/{name}/{one.name}": one.read_bytes() for one in folder.iterdir()}
        return self.address(name)


class _Answer(BaseHTTPRequestHandler):
    server: LittleStore
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._say(b"")

    def do_GET(self) -> None:
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        self._say(self.server.files.get(self.path, b"")[int(first) : int(last or "9" * 9) + 1])

    def _say(self, content: bytes) -> None:
        whole = self.server.files.get(self.path)
        status = self.server.refused.get(self.path, 404 if whole is None else 206 if content else 200)
        if status == 0:
            time.sleep(60)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content or whole or b"") if status < 300 else 0))
        self.end_headers()
        self.wfile.write(content if status < 300 else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def little_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleStore]:
    """Return a store that answers as it is told to."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OWN_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", OWN_SECRET)
    with LittleStore() as store:
        threading.Thread(target=store.serve_forever, daemon=True).start()
        yield store
        store.shutdown()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


_SERVERS = ("account", "container", "object", "proxy")
_MIDDLEWARE = ("catch_errors", "cache", "listing_formats", "s3api", "tempauth", "slo", "dlo")
_SETTINGS = {
    "cache": "memcache_servers = 127.0.0.1:1",
    "s3api": "location = here",
    "tempauth": f"user_{OWN_KEY.replace(':', '_')} = {OWN_SECRET} .admin\nuser_test_other = {OWN_SECRET}",
}


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real store with an account for `OWN_KEY`, and one that may read nothing; skip where there is none."""
    programs = {name: shutil.which(f"swift-{name}-server") for name in _SERVERS}
    rings = shutil.which("swift-ring-builder")
    if rings is None or None in programs.values():
        pytest.skip("OpenStack Swift is not installed (no swift-proxy-server on the path)")
    folder = tmp_path_factory.mktemp("swift")
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = x\n")
    with ExitStack() as held:
        for name in _SERVERS:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            said = (
                f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\nworkers = 0\nuser = root\nmount_check = false\n"
            )
            said += f"swift_dir = {folder}\ndevices = {folder / 'devices'}\n[pipeline:main]\npipeline = "
            if name == "proxy":
                said += " ".join((*_MIDDLEWARE, "proxy-server")) + "\n"
                for one in _MIDDLEWARE:
                    egg = one if one != "cache" else "memcache"
                    said += f"[filter:{one}]\nuse = egg:swift#{egg}\n{_SETTINGS.get(one, '')}\n"
            else:
                said += f"{name}-server\n"
                for words in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
                    subprocess.run([rings, folder / f"{name}.builder", *words], check=True, capture_output=True)
            said += f"[app:{name}-server]\nuse = egg:swift#{name}\naccount_autocreate = true\n"
            (folder / f"{name}.conf").write_text(said)
            log = held.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen([programs[name] or "", folder / f"{name}.conf"], stdout=log, stderr=log)
            held.callback(process.wait)
            held.callback(process.terminate)
            _wait_for(port)
        yield f"127.0.0.1:{port}"
