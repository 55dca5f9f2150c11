"""`stile demo`: what Stile is for, in a dozen steps on two public-domain portraits, each step checked.

It runs in a throw-away folder, without a screen, with the best pack installed. Both portraits are photographs,
which is what liveness is there to refuse, so the demonstration's lane has liveness off.
"""

import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from stile.application.attempt import APART, Looking
from stile.application.gate import Concluded
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import settings
from stile.domain.errors import CannotDecrypt, NotConfigured
from stile.domain.faces import Frame
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member, MembershipStatus
from stile.domain.places import Lane
from stile.entrypoints.cli.common import Json, complaints, console, print_json, print_line
from stile.entrypoints.cli.demo_people import ACTOR, eileen, enrol_eileen, grace, view
from stile.ports import SealedTemplate
from stile.testing.register import complete_register

CHANGED_VIEWS = {
    "in dim light": {"light": 0.6},
    "in bright light": {"light": 1.35},
    "further away": {"scale": 0.7},
    "out of focus": {"blur": 1.2},
    "head tilted": {"turn": 8.0},
}


@dataclass(frozen=True, slots=True)
class Row:
    step: str
    decision: str
    reason: str
    ms: float
    as_it_should: bool


def demo(json: Json = False) -> None:
    """A member comes in by face, a stranger is not kept, a withdrawal is final. Exit code 1 if any step fails."""
    with tempfile.TemporaryDirectory(prefix="stile-demo-") as folder:
        apart = {"models": settings().models_folder, "database": None, "site_key": None}
        chosen = settings(Path(folder)).model_copy(update=apart)
        site = open_site(chosen)
        try:
            if site.pool is None:
                raise NotConfigured(site.blind_because or "No model pack is installed.")
            pack = site.pool.pack
            rows = _run(site, show_progress=not json)
        finally:
            site.close()
    ok = all(row.as_it_should for row in rows)
    if json:
        kept = ("step", "decision", "reason", "ms")
        print_json(
            {"pack": pack, "rows": [{key: asdict(row)[key] for key in kept} for row in rows], "ok": ok}
        )
    else:
        _show(pack, rows, ok)
    if not ok:
        raise typer.Exit(1)


def _run(site: Site, show_progress: bool) -> list[Row]:
    rows = []
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        console=complaints,
        transient=True,
        disable=not show_progress,
    ) as progress:
        task = progress.add_task("Setting up a throw-away site")
        for row in _Story(site).steps():
            rows.append(row)
            progress.update(task, description=row.step)
    return rows


class _Story:
    """The steps in order. Each yields a row that says what was decided and whether it should have been."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.lane: Lane = site.setup.create(
            NewSite(
                "Riverside Leisure",
                "Riverside Leisure Centre",
                "Main entrance",
                ACTOR,
                secrets.token_urlsafe(12),
                LivenessMode.OFF,
            )
        )
        complete_register(
            site.registering,
            self.lane.centre,
            site.clock.today(),
            "Riverside Leisure",
            "Riverside Leisure Centre",
        )
        self.eileen, self.grace = eileen(), grace()

    def steps(self) -> Iterator[Row]:
        started = time.perf_counter()
        member = enrol_eileen(self.site, self.lane.centre)
        yield self._row(
            "Eileen consents, is enrolled", "enrolled", "4 shots fused", started, self._templates() == 1
        )
        yield self._face("Eileen asks to come in", self._seen(self.eileen), "admit", "face matched")
        for how, changes in CHANGED_VIEWS.items():
            yield self._face(f"Eileen, {how}", self._seen(self.eileen, **changes), "admit", "face matched")
        strangers = self._seen(self.grace)
        yield self._face("Grace, no member, asks", strangers, "refer", "no match")
        yield self._nothing_kept(strangers)
        yield self._card("Eileen uses her card", "admit", "card accepted")
        yield from self._membership_lapses(member)
        yield from self._consent_is_withdrawn(member)

    def _membership_lapses(self, member: Member) -> Iterator[Row]:
        self.site.membership.set_status(member.id, MembershipStatus.LAPSED, ACTOR)
        yield self._face("Her membership lapses", self._seen(self.eileen), "refuse", "lapsed")
        self.site.membership.set_status(member.id, MembershipStatus.ACTIVE, ACTOR)
        yield self._face("She renews", self._seen(self.eileen), "admit", "face matched")

    def _consent_is_withdrawn(self, member: Member) -> Iterator[Row]:
        with self.site.store.read() as work:
            assert self.site.pool is not None
            thief = next(iter(work.templates.of_pack(self.site.pool.pack)))
        started = time.perf_counter()
        receipt = self.site.withdraw.consent_of(member.id, ACTOR)
        yield self._row(
            "She withdraws her consent",
            "withdrawn",
            f"{receipt.templates} template, key destroyed",
            started,
            receipt.templates == 1,
        )
        yield self._face("She is not recognised", self._seen(self.eileen), "refer", "nobody enrolled")
        yield self._cannot_be_decrypted(member, *thief)
        yield self._card("Her card goes on working", "admit", "card accepted")

    # --- one kind of step each ---

    def _face(self, step: str, frames: list[Frame], outcome: str, reason: str) -> Row:
        started = time.perf_counter()
        done = self._attempt(frames)
        return self._concluded(step, done, outcome, reason, started)

    def _card(self, step: str, outcome: str, reason: str) -> Row:
        started = time.perf_counter()
        done = self.site.admit_by_card.present(self.lane, "5500 1001")
        return self._concluded(step, done, outcome, reason, started)

    def _concluded(self, step: str, done: Concluded, outcome: str, reason: str, started: float) -> Row:
        right = (done.outcome, done.decision.reason) == (outcome, reason) and done.door_opened is (
            outcome == "admit"
        )
        return self._row(step, done.outcome, done.decision.reason, started, right)

    def _nothing_kept(self, frames: list[Frame]) -> Row:
        """Looks for Grace in every file of the data folder; the search is shown to find what is really there."""
        started = time.perf_counter()
        traces = self._traces_of(frames)
        files = {path: path.read_bytes() for path in self.site.settings.data.rglob("*") if path.is_file()}
        found = sum(trace in content for content in files.values() for trace in traces)
        search_works = any(b"Collins" in content for content in files.values())
        with self.site.store.read() as work:
            last = work.passages.latest(1)[0]
        kept = (
            found
            or last.member
            or (last.comparison and last.comparison.score is not None)
            or self._templates() != 1
        )
        return self._row(
            "Nothing of Grace is kept",
            "nothing kept",
            f"{found} of {len(traces)} traces in {len(files)} files",
            started,
            not kept and search_works,
        )

    def _cannot_be_decrypted(self, member: Member, sealed: SealedTemplate, key: bytes) -> Row:
        """A copy of the sealed template, taken before the withdrawal, is held against what is left of keys."""
        started = time.perf_counter()
        with self.site.store.read() as work:
            keys_left = work.templates.keys_of(member.id)
        files = [path.read_bytes() for path in self.site.settings.data.rglob("*") if path.is_file()]
        on_disk = any(trace in content for content in files for trace in (key, sealed.sealed))
        try:
            self.site.vault.open(member.id, self.site.vault.new_key(member.id), sealed.sealed, sealed.pack)
            opened = True
        except CannotDecrypt:
            opened = False
        gone = not keys_left and not on_disk and not opened
        return self._row(
            "A stolen copy stays shut",
            "erased",
            "its key is in no file",
            started,
            gone,
        )

    # --- small tools ---

    def _seen(self, portrait, **changes) -> list[Frame]:  # type: ignore[no-untyped-def]
        """As many frames as the lane fuses, each a little different as a camera's are."""
        frames = []
        for number in range(self.lane.frames):
            turned = {**changes, "turn": changes.get("turn", 0.0) + (number - 1) * 1.5}
            frames.append(self.site.pictures.read(view(portrait, **turned)))
        return frames

    def _attempt(self, frames: list[Frame]) -> Concluded:
        attempt = self.site.admit_by_face.begin(self.lane)
        if isinstance(attempt, Concluded):
            return attempt
        for frame in frames:
            time.sleep(APART)  # as a camera's frames come: closer ones are not fused
            seen = self.site.admit_by_face.see(attempt, frame)
            if not isinstance(seen, Looking):
                return seen
        given_up = self.site.admit_by_face.give_up(attempt)
        assert given_up is not None, "an attempt without a decision can be given up"
        return given_up

    def _traces_of(self, frames: list[Frame]) -> list[bytes]:
        """Bytes that a careless program would leave behind: parts of the pictures and of the features."""
        assert self.site.pool is not None
        traces = [frame.pixels[100].tobytes()[:96] for frame in frames]
        with self.site.pool.lend() as eyes:
            for frame in frames:
                for face in eyes.detector.detect(frame):
                    vector = eyes.embedder.embed(eyes.embedder.align(frame, face)).vector
                    traces += [
                        vector.tobytes()[:32],
                        vector.astype("float16").tobytes()[:16],
                        repr(float(vector[0])).encode(),
                    ]
        return traces

    def _templates(self) -> int:
        assert self.site.pool is not None
        with self.site.store.read() as work:
            return work.templates.count(self.site.pool.pack)

    @staticmethod
    def _row(step: str, decision: str, reason: str, started: float, right: bool) -> Row:
        return Row(step, str(decision), str(reason), round((time.perf_counter() - started) * 1000, 1), right)


def _show(pack: str, rows: list[Row], ok: bool) -> None:
    table = Table("", "Step", "Decision", "Reason", "ms", box=None, pad_edge=False)
    table.columns[-1].justify = "right"
    for row in rows:
        table.add_row(
            "[green]✓[/]" if row.as_it_should else "[red]✗[/]",
            row.step,
            row.decision,
            row.reason,
            f"{row.ms:.0f}",
        )
    print_line(f"Stile with the model pack {pack}. Photographs in the public domain: Eileen Collins (NASA)")
    print_line("and Grace Hopper (US Navy). Liveness is off here: it is there to refuse photographs.\n")
    console.print(table)
    print_line("\nEvery step is as it should be." if ok else "\nNOT every step is as it should be.")
