"""A file gets its name only after its size and hash were found right; an interrupted one is continued."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stile.adapters.vision import fetch
from stile.adapters.vision.catalogue import Needed, PackEntry, Published, find
from stile.adapters.vision.fetch import FileState
from stile.domain.errors import BadModel, NotConfigured, NotFound

WEIGHTS = bytes((i * 131 + i // 251) % 256 for i in range(700_000))
DETECTOR = bytes((i * 17 + 3) % 256 for i in range(50_000))


@dataclass
class Publisher:
    """A real HTTP server on this machine. `cut_after`: breaks the line after so many bytes, once each."""

    files: dict[str, bytes]
    cut_after: list[int] = field(default_factory=list)
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""

    def url(self, name: str) -> str:
        return f"{self.address}/{name}"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    state = Publisher({"weights.onnx": WEIGHTS, "detector.onnx": DETECTOR})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.asked.append((self.path, wanted))
            data = state.files.get(self.path.lstrip("/"))
            if data is None:
                self.send_error(404)
                return
            start = 0
            if wanted and state.ranges:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                if start >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            rest = data[start:]
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            if state.cut_after:
                self.wfile.write(rest[: state.cut_after.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(rest)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join(5)


def published(name: str, data: bytes, url: str | None) -> Published:
    return Published(name, len(data), hashlib.sha256(data).hexdigest(), url)


@pytest.fixture
def entry(publisher: Publisher) -> PackEntry:
    """A pack of two files, pinned as the server has them."""
    sface = find("sface")
    detector = published("detector.onnx", DETECTOR, publisher.url("detector.onnx"))
    weights = published("weights.onnx", WEIGHTS, publisher.url("weights.onnx"))
    return replace(
        sface,
        detector=replace(sface.detector, files=(Needed((detector,)),)),
        recogniser=replace(sface.recogniser, files=(Needed((weights,)),)),
        liveness=None,
    )


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pack_is_pulled_and_is_what_was_pinned(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    seen: dict[str, list[int]] = {}
    came = fetch.pull(
        entry, tmp_path / "models", None, lambda one, done: seen.setdefault(one.name, []).append(done)
    )
    assert [path.name for path in came] == ["detector.onnx", "weights.onnx"]
    assert (tmp_path / "models" / "weights.onnx").read_bytes() == WEIGHTS
    assert left_over(tmp_path / "models") == ["detector.onnx", "weights.onnx"]
    assert seen["weights.onnx"] == sorted(seen["weights.onnx"])
    assert seen["weights.onnx"][-1] == len(WEIGHTS)
    assert [one.state for one in fetch.check(entry, tmp_path / "models")] == [FileState.GOOD] * 2


def test_what_is_here_is_not_pulled_again(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    fetch.pull(entry, tmp_path)
    publisher.asked.clear()
    assert fetch.pull(entry, tmp_path) == []
    assert publisher.asked == []


def test_a_bad_file_is_pulled_again(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    fetch.pull(entry, tmp_path)
    (tmp_path / "weights.onnx").write_bytes(WEIGHTS[:-1] + b"!")
    assert [one.state for one in fetch.check(entry, tmp_path)] == [FileState.GOOD, FileState.BAD]
    assert [path.name for path in fetch.pull(entry, tmp_path)] == ["weights.onnx"]
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS


def test_a_broken_line_is_continued_at_once(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut_after = [50_000, 300_000]  # the whole detector, then the weights in two pieces
    fetch.pull(entry, tmp_path)
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS
    assert publisher.asked[-1] == ("/weights.onnx", "bytes=300000-")


def test_an_interrupted_pull_is_continued_by_the_next_one(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.cut_after = [50_000, 100_000, 100_000, 100_000]
    with pytest.raises(BadModel, match=r"stopped after 300,000 of 700,000 bytes; run the same command again"):
        fetch.pull(entry, tmp_path)
    assert not (tmp_path / "weights.onnx").exists()
    assert [one.state for one in fetch.check(entry, tmp_path)] == [FileState.GOOD, FileState.MISSING]
    publisher.asked.clear()
    fetch.pull(entry, tmp_path)
    assert publisher.asked == [("/weights.onnx", "bytes=300000-")]
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS
    assert left_over(tmp_path) == ["detector.onnx", "weights.onnx"]


def test_a_server_that_cannot_continue_sends_it_whole(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.ranges = False
    publisher.cut_after = [50_000, 100_000]
    fetch.pull(entry, tmp_path)
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS


def test_a_wrong_hash_is_never_named(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["weights.onnx"] = WEIGHTS[:-1] + b"!"
    with pytest.raises(BadModel, match=r"its hash is another\. Nothing was kept") as caught:
        fetch.pull(entry, tmp_path)
    assert "\n" not in str(caught.value)
    assert left_over(tmp_path) == ["detector.onnx"]


def test_a_part_of_another_file_is_thrown_away(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    weights = entry.recogniser.files[0].any_of[0]
    (tmp_path / f".weights.onnx.{weights.sha256[:12]}.part").write_bytes(b"x" * 1000)
    fetch.pull(entry, tmp_path)
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS
    assert left_over(tmp_path) == ["detector.onnx", "weights.onnx"]


@pytest.mark.parametrize("length", [len(WEIGHTS), len(WEIGHTS) + 5])
def test_a_part_as_long_as_the_file_or_longer_is_no_trap(
    entry: PackEntry, publisher: Publisher, tmp_path: Path, length: int
) -> None:
    weights = entry.recogniser.files[0].any_of[0]
    (tmp_path / f".weights.onnx.{weights.sha256[:12]}.part").write_bytes(b"x" * length)
    fetch.pull(entry, tmp_path)
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS


def test_too_many_bytes_are_not_taken(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["weights.onnx"] = WEIGHTS * 3
    with pytest.raises(BadModel, match="sends more than the 700,000 bytes"):
        fetch.pull(entry, tmp_path)
    assert not (tmp_path / "weights.onnx").exists()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= len(DETECTOR)


def test_too_few_bytes_are_not_enough(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["weights.onnx"] = WEIGHTS[:1000]
    with pytest.raises(BadModel):
        fetch.pull(entry, tmp_path)
    assert not (tmp_path / "weights.onnx").exists()


def test_what_the_server_says_is_one_line(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    del publisher.files["detector.onnx"]
    with pytest.raises(NotFound, match=r"detector.onnx does not exist \(404\)"):
        fetch.pull(entry, tmp_path)


def test_nobody_there_is_one_line(entry: PackEntry, tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="cannot be reached") as caught:
        fetch.pull(entry, tmp_path, "http://127.0.0.1:9")
    assert "\n" not in str(caught.value)


def test_a_mirror_address_is_used_instead(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files = {"mirror/weights.onnx": WEIGHTS, "mirror/detector.onnx": DETECTOR}
    fetch.pull(entry, tmp_path, publisher.url("mirror/"))
    assert [path for path, _ in publisher.asked] == ["/mirror/detector.onnx", "/mirror/weights.onnx"]


def test_a_mirror_may_hold_any_of_the_files_that_will_do(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    other = published("weights_other.onnx", WEIGHTS[::-1], None)
    wanted = Needed((entry.recogniser.files[0].any_of[0], other))
    entry = replace(entry, recogniser=replace(entry.recogniser, files=(wanted,)))
    publisher.files = {"weights_other.onnx": WEIGHTS[::-1], "detector.onnx": DETECTOR}
    came = fetch.pull(entry, tmp_path, publisher.address)
    assert [path.name for path in came] == ["detector.onnx", "weights_other.onnx"]
    assert [one.state for one in fetch.check(entry, tmp_path)] == [FileState.GOOD] * 2


def test_a_mirror_without_them_is_one_line(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files = {}
    with pytest.raises(NotFound, match=r"The mirror http://\S+ does not have detector.onnx"):
        fetch.pull(entry, tmp_path, publisher.address)


def stick(folder: Path, **names: bytes) -> Path:
    folder.mkdir()
    for name, data in names.items():
        (folder / name.replace("_onnx", ".onnx")).write_bytes(data)
    return folder


def test_a_mirror_folder_is_used_instead(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    source = stick(tmp_path / "mirror", weights_onnx=WEIGHTS, detector_onnx=DETECTOR)
    came = fetch.pull(entry, tmp_path / "models", str(source))
    assert [path.name for path in came] == ["detector.onnx", "weights.onnx"]
    assert publisher.asked == []


def test_a_pack_is_added_from_a_folder(entry: PackEntry, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick", weights_onnx=WEIGHTS, detector_onnx=DETECTOR)
    fetch.add(entry, tmp_path / "models", source)
    assert [one.state for one in fetch.check(entry, tmp_path / "models")] == [FileState.GOOD] * 2
    assert fetch.add(entry, tmp_path / "models", source) == []


def test_files_under_other_names_are_known_by_their_hash(entry: PackEntry, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick", MobileFaceNet_onnx=WEIGHTS, d_onnx=DETECTOR, same_size=DETECTOR[::-1])
    fetch.add(entry, tmp_path / "models", source)
    assert left_over(tmp_path / "models") == ["detector.onnx", "weights.onnx"]


def test_a_truncated_file_is_not_added(entry: PackEntry, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick", weights_onnx=WEIGHTS[:-1], detector_onnx=DETECTOR)
    with pytest.raises(BadModel, match="699,999 bytes, not 700,000: it is truncated"):
        fetch.add(entry, tmp_path / "models", source)
    assert left_over(tmp_path / "models") == ["detector.onnx"]


def test_an_altered_file_is_not_added(entry: PackEntry, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick", weights_onnx=WEIGHTS[:-1] + b"!", detector_onnx=DETECTOR)
    with pytest.raises(BadModel, match="not the file that the catalogue pins"):
        fetch.add(entry, tmp_path / "models", source)


def test_a_missing_file_is_named(entry: PackEntry, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"has no weights\.onnx"):
        fetch.add(entry, tmp_path / "models", stick(tmp_path / "stick", detector_onnx=DETECTOR))
    with pytest.raises(NotFound, match="is not a folder"):
        fetch.add(entry, tmp_path / "models", tmp_path / "nowhere")


def test_packs_of_pypi_are_neither_pulled_nor_added(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="`vision` extra"):
        fetch.pull(find("dlib"), tmp_path)
    with pytest.raises(NotConfigured, match="`vision` extra"):
        fetch.add(find("dlib"), tmp_path, tmp_path)


def test_a_file_nobody_publishes_is_refused_before_anything_is_fetched(
    entry: PackEntry, publisher: Publisher, tmp_path: Path
) -> None:
    unpublished = Needed((published("weights.onnx", WEIGHTS, None),))
    entry = replace(entry, recogniser=replace(entry.recogniser, files=(unpublished,)))
    with pytest.raises(NotFound, match="published nowhere: use `stile models add`"):
        fetch.pull(entry, tmp_path)


def test_a_folder_that_cannot_be_written_is_one_line(entry: PackEntry, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(NotConfigured, match="cannot be written"):
        fetch.pull(entry, tmp_path / "models")


def test_a_killed_pull_leaves_no_named_file(entry: PackEntry, publisher: Publisher, tmp_path: Path) -> None:
    """What a kill in the middle leaves behind is a part, and a part is not installed."""

    def killed(one: Published, done: int) -> None:
        if one.name == "weights.onnx" and done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch.pull(entry, tmp_path, None, killed)
    assert not (tmp_path / "weights.onnx").exists()
    fetch.pull(entry, tmp_path)
    assert (tmp_path / "weights.onnx").read_bytes() == WEIGHTS
