"""Time stamps by an authority (RFC 3161): a small one of our own, which is `openssl ts` behind a web server."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stile.adapters.audit_key import AuditKey
from stile.adapters.checkpoint_file import CheckpointFile
from stile.adapters.storage import SqlStore
from stile.adapters.time_stamps import Rfc3161
from stile.application.audit.checkpoints import Checkpoints, When
from stile.application.audit.verify_audit import VerifyAudit
from stile.domain.audit import Event
from stile.domain.audit_findings import Wrong
from stile.domain.errors import CannotRecord, NotConfigured, WrongValue
from stile.testing import FakeClock

CONFIG = """
[req]
distinguished_name = name
[name]
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
[root_extensions]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamp_extensions]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclass
class Authority:
    folder: Path
    url: str = ""
    spoil: bytes | None = None
    asked: list[bytes] = field(default_factory=list)

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def openssl(self, *arguments: object) -> None:
        subprocess.run(
            ["openssl", *map(str, arguments)], cwd=self.folder, check=True, capture_output=True, timeout=30
        )

    def set_up(self) -> None:
        (self.folder / "ts.cnf").write_text(CONFIG.format(folder=self.folder))
        (self.folder / "serial").write_text("01")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "ts.cnf")
        self.openssl(
            "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Test root",
            "-days", "2", "-extensions", "root_extensions",
        )  # fmt: skip
        self.openssl("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test time stamps")
        self.openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-out", "tsa.pem", "-days", "2", "-extfile", "ts.cnf", "-extensions", "stamp_extensions",
        )  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        self.asked.append(query)
        if self.spoil is not None:
            return self.spoil
        (self.folder / "query").write_bytes(query)
        self.openssl(
            "ts", "-reply", "-config", "ts.cnf", "-section", "tsa", "-queryfile", "query", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-out", "reply",
        )  # fmt: skip
        return (self.folder / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    if shutil.which("openssl") is None:
        pytest.skip("needs the command openssl, which is not here")
    made = Authority(tmp_path_factory.mktemp("tsa"))
    made.set_up()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = made.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_authority_stamps_the_data_and_learns_only_their_hash(authority: Authority) -> None:
    stamps = Rfc3161(authority.url, authority.roots)
    response = stamps.stamp(b"a checkpoint")
    assert abs(stamps.time_in(response, b"a checkpoint") - datetime.now(UTC)) < timedelta(minutes=2)
    assert b"a checkpoint" not in authority.asked[-1]


def test_a_stamp_of_something_else_or_of_somebody_else_is_none(authority: Authority, tmp_path: Path) -> None:
    stamps = Rfc3161(authority.url, authority.roots)
    response = stamps.stamp(b"a checkpoint")
    with pytest.raises(WrongValue, match="something else"):
        stamps.time_in(response, b"another checkpoint")
    with pytest.raises(WrongValue, match="no time stamp"):
        stamps.time_in(b"nonsense", b"a checkpoint")
    stranger = Authority(tmp_path)
    stranger.set_up()
    with pytest.raises(WrongValue, match="not the authority's"):
        Rfc3161(authority.url, stranger.roots).time_in(response, b"a checkpoint")


@pytest.mark.parametrize(
    "spoil", [b"", b"nonsense", b"0\x03\x02\x01\x02"], ids=["empty", "nonsense", "refused"]
)
def test_an_answer_that_is_no_stamp_is_said_in_one_line(authority: Authority, spoil: bytes) -> None:
    authority.spoil = spoil
    try:
        with pytest.raises(CannotRecord, match="cannot be used") as refused:
            Rfc3161(authority.url, None).stamp(b"data")
    finally:
        authority.spoil = None
    assert "\n" not in str(refused.value)


def test_an_old_answer_is_not_taken_for_a_new_one(authority: Authority) -> None:
    old = Rfc3161(authority.url, None).stamp(b"data")
    authority.spoil = old
    try:
        with pytest.raises(CannotRecord, match="not the answer"):
            Rfc3161(authority.url, None).stamp(b"data")
    finally:
        authority.spoil = None


def test_an_authority_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotRecord, match="did not answer"):
        Rfc3161("http://127.0.0.1:9/", None).stamp(b"data")
    with pytest.raises(NotConfigured, match="cannot be read"):
        Rfc3161("http://127.0.0.1:9/", tmp_path / "missing.pem")


def test_a_checkpoint_is_stamped_once_and_the_stamp_is_kept(
    authority: Authority, store: SqlStore, tmp_path: Path
) -> None:
    clock, stamps = FakeClock(), Rfc3161(authority.url, authority.roots)
    checkpoints = Checkpoints(
        store,
        AuditKey(tmp_path / "audit.key"),
        CheckpointFile(tmp_path / "checkpoints.txt"),
        clock,
        When(1, timedelta(hours=1)),
        stamps,
    )
    with store.begin() as work:
        work.audit.append(clock.now(), Event.MEMBER_ADDED, "system", "x")
        work.commit()
    made = checkpoints.keep_current()
    assert made is not None
    [stamp] = checkpoints.stamps()
    assert (stamp.size, stamp.authority) == (1, authority.url)
    assert Rfc3161(authority.url, authority.roots).time_in(stamp.response, made.note.encode()) == stamp.at
    before = len(authority.asked)
    assert checkpoints.keep_current() is None
    assert len(authority.asked) == before
    found = VerifyAudit(
        store, AuditKey(tmp_path / "audit.key"), CheckpointFile(tmp_path / "checkpoints.txt"), stamps
    ).run()
    assert found.holds
    with store.begin() as work:
        work.checkpoints.add_stamp(replace(stamp, authority="another", response=stamp.response[:-1]))
        work.commit()
    found = VerifyAudit(
        store, AuditKey(tmp_path / "audit.key"), CheckpointFile(tmp_path / "checkpoints.txt"), stamps
    ).run()
    assert [one.wrong for one in found.findings] == [Wrong.CHECKPOINT_CHANGED]
