"""What an import costs, and what the lanes feel of it: 100,000 members from a file, 20,000 of them with templates,
while one lane decides by card and by face. The import runs in a process of its own, as `stile serve` runs it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

import numpy as np

from stile.application.import_members import PAUSE, ImportMembers, Wanted
from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.consent import Channel
from stile.domain.errors import NotConfigured
from stile.domain.faces import Template
from stile.domain.ids import MemberId
from stile.domain.passage import Admit
from stile.domain.places import Lane
from stile.entrypoints.import_child import planned
from stile.entrypoints.measuring import _lane_ms, _random_unit, fill, portrait

CARD_EVERY = 0.1
"""Seconds between two cards: far more than people can walk through one lane."""
WITHOUT = 20.0
"""Seconds that the lane is measured before the import begins."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the card, or from the last needed frame, to the answer with the passage recorded."""

    decisions: int
    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, found: list[float]) -> "Latency":
        cuts = quantiles(found, n=100)
        return cls(len(found), round(cuts[49], 1), round(cuts[98], 1), round(max(found), 1))


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """`longest_lock_ms`: the longest that the import held the one write lock. `face`: empty without a model pack."""

    rows: int
    seconds: float
    longest_lock_ms: float
    transactions: int
    outcome: dict[str, Any]
    card_without: Latency
    card_during: Latency
    face_without: Latency | None
    face_during: Latency | None

    @property
    def rows_a_second(self) -> float:
        return self.rows / self.seconds


def member_file(rows: int, kind: str = "gym") -> bytes:
    """A file as a leisure-management system writes it; the same numbers as `measuring.fill` gives."""
    lines = [
        "Membership number,First name,Surname,Date of birth,Email,Mobile,Membership type,Status,End date,Card number"
    ]
    lines += [
        f"{n:06},Ada{n % 977},Byron{n % 3001},{1 + n % 28:02}/{1 + n % 12:02}/{1950 + n % 60},ada{n}@example.org,"
        f"07911 {100_000 + n % 900_000},{kind},Active,31/12/2030,{50_000_000 + n}"
        for n in range(rows)
    ]
    return ("\n".join(lines) + "\n").encode()


def measure_import(
    folder: Path, real: Settings, rows: int, templates: int, database: str | None = None
) -> ImportFigures:
    """`folder`: where a throw-away site may be made; `database`: an empty one to measure with instead of a file."""
    own = Settings(
        data=folder, models=real.models_folder, pack=real.pack, database=database, adults_only=True
    )
    fill(folder, templates, database)
    site = open_site(own)
    try:
        with site.store.read() as work:
            # No pack is calibrated for 20,000 at the usual rate; what is measured here is time.
            lane = replace(work.lanes.all()[0], fpir=0.05, attempts=1000)
        card = _somebody(site, lane)
        tasks: dict[str, tuple[float, Callable[[], float]]] = {
            "card": (CARD_EVERY, lambda: _card_ms(site, lane, card))
        }
        if site.pool is not None:
            tasks["face"] = (0.0, lambda: _lane_ms(site, lane))
        without, _ = _while(tasks, lambda: time.sleep(WITHOUT))
        file = folder / "members.csv"
        file.write_bytes(member_file(rows))
        during, told = _while(tasks, lambda: _in_a_process_of_its_own(folder, file, database))
    finally:
        site.close()
    assert told is not None
    return ImportFigures(
        rows,
        told["seconds"],
        told["longest_lock_ms"],
        told["transactions"],
        told["outcome"],
        Latency.of(without["card"]),
        Latency.of(during["card"]),
        Latency.of(without["face"]) if "face" in without else None,
        Latency.of(during["face"]) if "face" in during else None,
    )


def _somebody(site: Site, lane: Lane) -> str:
    """Somebody who comes in by card and by face, again and again, among a full gallery."""
    member = site.membership.add(lane.centre, NewMember("bench-1", "Eileen", cards=("BENCH1",)), "bench")
    if site.pool is not None and site.gallery is not None:
        site.enrol.consent(member.id, notice("Bench", None), Channel.PAPER, "bench")
        rng, pack, dimensions = np.random.default_rng(1), site.pool.pack, site.pool.dimensions
        if len(site.gallery) < 1000:
            site.gallery.load(
                (MemberId(site.chance.new_id()), Template(_random_unit(rng, dimensions), pack))
                for _ in range(20_000)
            )
        with site.pool.lend() as eyes:
            frame = portrait()
            face = eyes.detector.detect(frame)[0]
            features = eyes.embedder.embed(eyes.embedder.align(frame, face))
        site.gallery.put(member.id, Template(features.vector, features.pack))
    return "BENCH1"


def _card_ms(site: Site, lane: Lane, card: str) -> float:
    began = time.perf_counter()
    done = site.admit_by_card.present(lane, card)
    took = 1000 * (time.perf_counter() - began)
    if not isinstance(done.decision, Admit) or done.passage is None:
        raise NotConfigured(f"The bench's own member was not let in: {done.decision.reason}.")
    return took


def _while(
    tasks: dict[str, tuple[float, Callable[[], float]]], work: Callable[[], Any]
) -> tuple[dict[str, list[float]], Any]:
    """The tasks go round, each in a thread of its own, while the work is done."""
    over, found = threading.Event(), {name: list[float]() for name in tasks}
    failed: list[Exception] = []

    def go_round(name: str) -> None:
        every, task = tasks[name]
        while not over.is_set():
            try:
                found[name].append(task())
            except Exception as error:  # noqa: BLE001 told in the main thread
                failed.append(error)
                return
            over.wait(every)

    threads = [threading.Thread(target=go_round, args=(name,)) for name in tasks]
    for one in threads:
        one.start()
    try:
        told = work()
    finally:
        over.set()
        for one in threads:
            one.join()
    if failed:
        raise failed[0]
    return found, told


def _in_a_process_of_its_own(folder: Path, file: Path, database: str | None) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "stile.entrypoints.measuring_import",
        str(folder),
        str(file),
        database or "",
    ]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (ourselves)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _child(folder: str, file: str, database: str) -> None:
    site = open_site(Settings(data=Path(folder), database=database or None), see=False)
    held: list[float] = []

    def rest(seconds: float) -> None:
        """An import rests a part of the time that it held the lock."""
        held.append(seconds / PAUSE)
        time.sleep(seconds)

    began = time.perf_counter()
    with site.store.read() as work:
        home = work.centres.all()[0].id
    imports = ImportMembers(site.store, site.contacts, site.clock, site.chance, rest)
    plan = planned(imports, Wanted(Path(file).read_bytes(), home), lambda *_: None)
    done = imports.carry_out(plan, "bench")
    seconds = time.perf_counter() - began
    delta = done.plan.delta
    site.close()
    print(  # noqa: T201 to the process that began this one
        json.dumps(
            {
                "seconds": seconds,
                "longest_lock_ms": 1000 * max(held),
                "transactions": len(held),
                "outcome": {
                    "added": delta.added,
                    "changed": delta.changed,
                    "errors": len(delta.errors),
                    "left": done.left,
                },
            }
        )
    )


if __name__ == "__main__":
    _child(*sys.argv[1:4])
