"""What `stile bench` measures. All of it runs in one process on one core, and what is compared takes turns, so
that ratios hold on a noisy machine: the shortest time of each counts, since other programs can only add to it.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stile.adapters.clock import SystemClock
from stile.adapters.gallery.measure import measure_search
from stile.adapters.vision.catalogue import find
from stile.adapters.vision.dlib_pack import DlibDetector, DlibRecogniser
from stile.adapters.vision.minifasnet import MiniFasNet
from stile.adapters.vision.onnx_recogniser import OnnxRecogniser
from stile.adapters.vision.packs import load_sight
from stile.adapters.vision.yunet import YuNet
from stile.application.admit import AdmitByFace
from stile.application.attempt import APART, Attempt, Looking
from stile.application.gate import Concluded, Gate
from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain import matching
from stile.domain.consent import Channel, Consent
from stile.domain.entitlement import Asked
from stile.domain.errors import NotConfigured
from stile.domain.faces import Frame, Template
from stile.domain.ids import ConsentId, MemberId, PackId
from stile.domain.liveness import Live, LivenessMode
from stile.domain.matching import Candidate
from stile.domain.member import Member
from stile.domain.passage import Admit, Comparison, Decision, Method, Refer, ReferReason, decide_by_face
from stile.domain.places import Lane
from stile.entrypoints.cli.demo_people import eileen
from stile.ports import Eyes, SealedTemplate
from stile.testing.register import complete_register

TURNS = 100
LEAST_TURNS = 10
SECONDS = 5.0
GALLERY = 1_000

FRAMES_A_SECOND = 15
"""Of the camera that the lane is measured with."""

Task = Callable[[], object]


@contextmanager
def one_core() -> Iterator[None]:
    """Pins this process to one core, where the system lets it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def in_turns(
    tasks: Mapping[str, Task], turns: int = TURNS, before: Mapping[str, Task] | None = None
) -> dict[str, float]:
    """The shortest time of each, milliseconds; they take turns, fewer of them where each takes long. `before`: what is
    made ready for a task of that name each time, unmeasured."""
    best = dict.fromkeys(tasks, float("inf"))
    started = time.perf_counter()
    for turn in range(turns):
        if turn >= LEAST_TURNS and time.perf_counter() - started > SECONDS:
            break
        for name, task in tasks.items():
            if before and name in before:
                before[name]()
            begin = time.perf_counter()
            task()
            best[name] = min(best[name], 1000 * (time.perf_counter() - begin))
    return best


@dataclass(frozen=True, slots=True)
class PathFigures:
    """`stages_ms`: each stage of the frame's path. `inference_ms`: the model inferences alone, on inputs made
    ready beforehand. `decision_ms`: the last frame that an attempt needs to its decision: everything that a frame
    takes, the fusion, the gallery and the member's row, and all but the durable record. `attempt_ms`: all three
    frames of an attempt. `identification_ms`: one frame to its decision without liveness, which is what `dlib_ms`,
    the way of most scripts, does as well. `lane_ms`: from the last needed frame of a camera of 15 a second to the
    answer, the durable record and the simulated door included; the slowest of several."""

    pack: str
    stages_ms: dict[str, float]
    inference_ms: float
    decision_ms: float
    attempt_ms: float
    identification_ms: float
    lane_ms: float
    dlib_ms: float | None

    @property
    def overhead(self) -> float:
        return self.decision_ms / self.inference_ms

    @property
    def attempt_overhead(self) -> float:
        return self.attempt_ms / (FRAMES * self.inference_ms)


FRAMES = 3


class _Ahead(SystemClock):
    """A clock that can be set forward, so that frames are apart in time without anybody waiting."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("Europe/London"))
        self.skipped = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.skipped


class _GateWithoutRecord(Gate):
    """The gate of the measurement: it says what was decided, and neither records nor opens anything."""

    def carry_out(self, lane: Lane, decision: Decision, method: Method, **_: Any) -> Concluded:  # noqa: ARG002
        if not isinstance(decision, Admit):
            raise NotConfigured(
                f"The bench's own member was not admitted ({decision.reason}): nothing to measure."
            )
        return Concluded(decision, None)


def measure_path(folder: Path, real: Settings) -> PathFigures:
    """Raises NotConfigured without a model pack. `folder`: where a throw-away site may be made."""
    site = open_site(Settings(data=folder, models=real.models_folder, pack=real.pack, adults_only=True))
    try:
        lane = site.setup.create(
            NewSite("Bench", "Bench", "Bench", "bench", "not a default: bench only", _mode(site))
        )
        complete_register(site.registering, lane.centre, site.clock.today())
        with one_core():
            return _measure_path(site, lane, real.models_folder)
    finally:
        site.close()


def _mode(site: Site) -> LivenessMode:
    """Passive where the pack has networks for it; without them nobody is let in before turning their head."""
    return LivenessMode.PASSIVE if site.pool and site.pool.detects_liveness else LivenessMode.OFF


def _measure_path(site: Site, lane: Lane, models_folder: Path) -> PathFigures:
    if site.pool is None or site.gallery is None:
        raise NotConfigured(site.blind_because or "No model pack is installed.")
    frames = [_noisy(portrait(), seed) for seed in range(FRAMES)]
    frame = frames[-1]
    member = site.membership.add(lane.centre, NewMember("1", "Eileen"), "bench")
    site.enrol.consent(member.id, notice("Bench", None), Channel.PAPER, "bench")
    rng = np.random.default_rng(0)
    site.gallery.load(
        (MemberId(site.chance.new_id()), Template(_random_unit(rng, site.pool.dimensions), site.pool.pack))
        for _ in range(GALLERY - 1)
    )
    with site.pool.lend() as eyes:
        stages = _stages(site, lane, eyes, frame, member)
        inferences = _inferences(eyes, frame)
    clock = _Ahead()
    gate = _GateWithoutRecord(site.store, site.doors, site.board, clock, site.chance)
    admit = AdmitByFace(
        site.store, site.pool, site.gallery, gate, site.board, clock, site.chance, site.go_live
    )
    primed: list[Attempt] = []

    def see(attempt: Attempt, one: Frame) -> Looking | Concluded:
        clock.skipped += 2 * APART
        return admit.see(attempt, one)

    def prime(of: Lane) -> None:
        attempt = admit.begin(of)
        assert isinstance(attempt, Attempt)
        for one in frames[: of.frames - 1]:
            see(attempt, one)
        primed[:] = [attempt]

    def last() -> None:
        assert isinstance(see(primed[0], frame), Concluded)

    def whole() -> None:
        prime(lane)
        last()

    without_liveness = replace(lane, liveness=LivenessMode.OFF, frames=1)
    tasks: dict[str, Task] = {"decision": last, "attempt": whole, "identification": last}
    tasks |= {f"inference {name}": task for name, task in inferences.items()}
    tasks |= {f"stage {name}": task for name, task in stages.items()}
    before = {"decision": lambda: prime(lane), "identification": lambda: prime(without_liveness)}
    best = in_turns(tasks, before=before)
    search = measure_search(GALLERY, site.pool.dimensions).ms
    return PathFigures(
        site.pool.pack,
        {name: best[f"stage {name}"] for name in stages} | {"search": search},
        sum(best[f"inference {name}"] for name in inferences),
        best["decision"],
        best["attempt"],
        best["identification"],
        max(_lane_ms(site, lane) for _ in range(5)),
        _dlib_way(frame, models_folder) if site.pool.pack != "dlib" else None,
    )


def _stages(site: Site, lane: Lane, eyes: Eyes, frame: Frame, member: Member) -> dict[str, Task]:
    gallery = site.gallery
    assert gallery is not None
    face = eyes.detector.detect(frame)[0]
    aligned = eyes.embedder.align(frame, face)
    features = eyes.embedder.embed(aligned)
    gallery.put(member.id, Template(features.vector, features.pack))
    comparison = Comparison(gallery.pack, 0.5, GALLERY)

    nearest = [Candidate(member.id, 0.9), Candidate(MemberId(site.chance.new_id()), 0.1)]

    asked = Asked(member.centre, site.clock.local())

    def decide() -> object:
        found = matching.compare(nearest, 0.5)
        with site.store.read() as work:
            known = work.members.at_the_lane(member.id, gallery.pack)
        assert known is not None
        return decide_by_face(Live(), found, known.member, known.consents, asked)

    stages: dict[str, Task] = {
        "detect": lambda: eyes.detector.detect(frame),
        "align": lambda: eyes.embedder.align(frame, face),
        "embed": lambda: eyes.embedder.embed(aligned),
    }
    if (liveness := eyes.liveness) is not None:
        stages["liveness"] = lambda: liveness.bona_fide(frame, face)
    stages["stripes and border (early frames)"] = lambda: eyes.inspector.traces(frame, face)
    stages["decide"] = decide
    stages["record"] = lambda: site.gate.carry_out(
        lane, Refer(ReferReason.NO_MATCH), Method.FACE, comparison=comparison
    )
    return stages


def _inferences(eyes: Eyes, frame: Frame) -> dict[str, Task]:
    """The model inferences that one frame takes, on inputs made ready beforehand."""
    face = eyes.detector.detect(frame)[0]
    aligned = eyes.embedder.align(frame, face)
    found = _detection(eyes.detector, frame)
    embedder = eyes.embedder
    if isinstance(embedder, OnnxRecogniser):
        blob = embedder.prepare(aligned).copy()
        found["embed"] = lambda: embedder.infer(blob)
    elif isinstance(embedder, DlibRecogniser):
        chip = np.ascontiguousarray(aligned.pixels[:, :, ::-1])
        found["embed"] = lambda: embedder.infer(chip)
    liveness = eyes.liveness
    if isinstance(liveness, MiniFasNet):
        for which, scale in enumerate(liveness.scales):
            found[f"liveness {scale}"] = _fasnet(liveness, which, liveness.prepare(frame, face, scale).copy())
    return found


def _fasnet(model: MiniFasNet, which: int, blob: Any) -> Task:
    return lambda: model.infer(which, blob)


def _detection(detector: object, frame: Frame) -> dict[str, Task]:
    if isinstance(detector, YuNet):
        blob = detector.prepare(frame)[0].copy()
        return {"detect": lambda: detector.infer(blob)}
    if isinstance(detector, DlibDetector):
        grey = detector.prepare(frame)
        rectangle = detector.infer(grey)[0][0]
        return {
            "detect": lambda: detector.infer(grey),
            "landmarks": lambda: detector.landmarks(grey, rectangle),
        }
    raise AssertionError(f"no inference is known of {type(detector).__name__}")


def _dlib_way(frame: Frame, models_folder: Path) -> float | None:
    """The way that most scripts take: HOG detector, landmarks, descriptor, and a linear scan in numpy."""
    sight = load_sight(find("dlib", models_folder), models_folder)
    rows = np.random.default_rng(0).standard_normal((GALLERY, 128)).astype(np.float32)

    def recognise() -> object:
        face = sight.detector.detect(frame)[0]
        features = sight.embedder.embed(sight.embedder.align(frame, face))
        return int(np.argmin(np.linalg.norm(rows - features.vector, axis=1)))

    return in_turns({"dlib": recognise}, turns=10)["dlib"]


def _noisy(frame: Frame, seed: int) -> Frame:
    """As the camera's next frame differs from the last."""
    noise = np.random.default_rng(seed).integers(-2, 3, frame.pixels.shape, np.int16)
    return Frame(np.clip(frame.pixels + noise, 0, 255).astype(np.uint8))


def _lane_ms(site: Site, lane: Lane) -> float:
    """A whole attempt in real time, through the real gate: from the last needed frame to the answer."""
    attempt, picture, began = site.admit_by_face.begin(lane), portrait(), time.perf_counter()
    assert isinstance(attempt, Attempt)
    for number in range(10 * FRAMES_A_SECOND):
        frame = _noisy(picture, number)
        due = began + number / FRAMES_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        came = time.perf_counter()
        done = site.admit_by_face.see(attempt, frame)
        if isinstance(done, Concluded):
            return 1000 * (time.perf_counter() - came)
    raise AssertionError("an attempt of good frames ends")


def portrait() -> Frame:
    """Eileen Collins as a kiosk's camera sees a person: 640 × 480, the face more than a third of its height."""
    picture = np.asarray(eileen())[:480, :640, ::-1]
    return Frame(np.ascontiguousarray(picture))


def fill(folder: Path, members: int, database: str | None = None) -> None:
    """A site with so many enrolled members, each with a consent, a key and a sealed random template."""
    site = open_site(Settings(data=folder, database=database), see=False)
    try:
        lane = site.setup.create(NewSite("Bench", "Bench", "Bench", "bench", secrets.token_urlsafe(12)))
        complete_register(site.registering, lane.centre, site.clock.today())
        rng, now, words = np.random.default_rng(0), site.clock.now(), notice("Bench", None)
        with site.store.begin() as work:
            for number in range(members):
                id = MemberId(site.chance.new_id())
                work.members.add(Member(id, lane.centre, f"{number:06}", "Member", "Example"))
                consent = Consent(
                    ConsentId(site.chance.new_id()),
                    id,
                    words.version,
                    words.sha256,
                    Channel.PAPER,
                    "bench",
                    now,
                )
                work.consents.add(consent)
                template = Template(_random_unit(rng, 128), PackId("dlib"))
                key = site.vault.new_key(id)
                sealed = site.vault.seal(id, key, template)
                work.templates.put(
                    SealedTemplate(id, lane.centre, template.pack, consent.id, sealed, 3, now), key
                )
            work.commit()
    finally:
        site.close()


def seconds_to_serve(folder: Path, pack: str = "dlib") -> float:
    """From starting `stile serve` on this data folder until it answers. Raises TimeoutError after a minute."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("STILE_")}
    environment |= {
        "STILE_DATA": str(folder),
        "STILE_PORT": str(port),
        "STILE_PACK": pack,
        "STILE_LOG_LEVEL": "error",
    }
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "stile", "serve"], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            while time.perf_counter() - begin < 60:
                # A plain connection: a client that reads certificates would take part of what is measured.
                with (
                    suppress(OSError, HTTPException),
                    closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asked,
                ):
                    asked.request("GET", "/health")
                    if asked.getresponse().status == 200:
                        return time.perf_counter() - begin
                time.sleep(0.01)
        finally:
            server.terminate()
    raise TimeoutError("the server did not answer within a minute")


def _random_unit(rng: np.random.Generator, dimensions: int) -> NDArray[np.float32]:
    vector = rng.standard_normal(dimensions).astype(np.float32)
    unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return unit
