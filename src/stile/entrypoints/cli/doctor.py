"""`stile doctor`: what is installed, what is missing, what to do."""

import stat
import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Annotated, Literal

import typer
from rich.table import Table

from stile import __version__
from stile.adapters.vision.catalogue import catalogue
from stile.application.setup import SECONDS_A_FRAME
from stile.bootstrap import Site, open_site
from stile.config import settings
from stile.domain.attempts import fpir_of_a_person
from stile.domain.calibration import Threshold
from stile.domain.errors import StileError
from stile.domain.ids import CentreId
from stile.domain.liveness import LivenessMode
from stile.domain.passage import ReferReason
from stile.domain.places import Ask, Lane
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line

State = Literal["good", "look", "bad"]

EXTRAS = {
    "vision": ("cv2", "onnxruntime", "dlib", "faiss", "skimage"),
    "documents": ("matplotlib",),
    "postgres": ("psycopg",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: good, look (works, but read it) or bad (something will not work)."""

    what: str
    state: State
    is_so: str
    mend: str = ""


def doctor(
    data: Data = None,
    security: Annotated[
        bool, typer.Option("--security", help="List every weak setting instead, each with its mend.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what is installed, what is missing and what to do about it. Exit code 1 when something is bad."""
    if security:
        from stile.entrypoints.cli.doctor_security import look

        look(data, json)
        return
    findings = list(_look(data))
    bad = any(one.state == "bad" for one in findings)
    if json:
        print_json({"ok": not bad, "findings": [asdict(one) for one in findings]})
    else:
        _show(findings)
    if bad:
        raise typer.Exit(1)


def _look(data: Data) -> Iterator[Finding]:
    python = sys.version.split()[0]
    yield Finding("Stile", "good", f"{__version__} on Python {python}")
    for extra, modules in EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        if missing:
            yield Finding(
                f"Extra “{extra}”", "look", f"missing: {', '.join(missing)}", f"pip install 'stile[{extra}]'"
            )
        else:
            yield Finding(f"Extra “{extra}”", "good", "installed")
    try:
        chosen = settings(data)
        if chosen.database is None and not (chosen.data / "stile.db").exists():
            yield Finding("Set-up", "bad", f"nothing is set up in {chosen.data}", "stile init")
            return
        site = open_site(chosen)
    except StileError as error:
        yield Finding("Data folder", "bad", str(error))
        return
    try:
        yield from _look_at(site)
    finally:
        site.close()


def _look_at(site: Site) -> Iterator[Finding]:
    yield Finding("Data folder", "good", str(site.settings.data))
    key = site.settings.data / "site.key"
    if site.settings.site_key is not None:
        yield Finding("Site key", "good", "from STILE_SITE_KEY")
    elif not key.exists():
        yield Finding(
            "Site key", "bad", f"{key} is missing: templates cannot be opened", "put it back from its copy"
        )
    else:
        loose = stat.S_IMODE(key.stat().st_mode) & 0o077
        yield Finding(
            "Site key",
            "bad" if loose else "good",
            "a file others can read" if loose else "a file only you can read",
            f"chmod 600 {key}" if loose else "",
        )
    if site.pool is None:
        yield Finding("Coming in by face", "bad", site.blind_because or "", "stile models list")
    else:
        yield Finding("Model pack", "good", site.pool.pack)
        if not site.pool.detects_liveness:
            yield Finding(
                "Liveness",
                "look",
                f"the pack {site.pool.pack} has no model for it: everybody is asked to turn their head, which "
                "a tilted print can imitate with this pack's landmarks",
                "stile models pull mobilefacenet",
            )
    if not site.setup.is_done:
        yield Finding("Set-up", "bad", "nothing is set up here", "stile init")
        return
    yield from _look_at_lanes(site)
    if not site.settings.secure:
        yield Finding(
            "TLS",
            "look",
            "pages are served without it; browsers then open a camera only on this machine itself",
            "set tls_certificate and tls_key, or public_url behind a proxy",
        )


def _look_at_lanes(site: Site) -> Iterator[Finding]:
    with site.store.read() as work:
        for pack in catalogue(site.settings.models_folder):
            count = work.templates.count(pack)
            if count and (site.pool is None or pack != site.pool.pack):
                yield Finding(
                    "Members",
                    "look",
                    f"{count} enrolled with the pack {pack}, which is not in use: they come in by card, or enrol again",
                    f"to go back to it: STILE_PACK={pack}",
                )
        lanes = work.lanes.all()
        members = work.members.count()
    yield from _look_at_the_register(site, {lane.centre for lane in lanes})
    yield Finding("Members", "good", f"{members}, of whom {len(site.gallery or [])} come in by face")
    for lane in lanes:
        name = f"Lane {lane.slug}"
        closed = site.admit_by_face.closed(lane)
        threshold = site.admit_by_face.threshold(lane)
        if closed is ReferReason.NOT_CALIBRATED:
            yield Finding(
                name,
                "bad",
                "the gallery is larger than the pack's calibration can answer for",
                f"stile lanes change {lane.slug} --fpir {lane.fpir * 10:g}",
            )
        elif closed is not None or threshold is None:
            yield Finding(name, "look", f"face mode closed: {closed}; the card works")
        else:
            beyond = ", beyond what the calibration's data showed" if threshold.extrapolated else ""
            yield Finding(
                name,
                "look" if beyond else "good",
                f"threshold {threshold.value:.3f} for {_promised(lane)}{beyond}",
            )
            yield from _look_at_misses(site, lane, name, threshold)
        if lane.liveness is LivenessMode.PASSIVE and site.pool is not None and site.pool.detects_liveness:
            yield Finding(
                name,
                "look",
                "liveness is passive: a cut-out or a worn mask may pass where nobody looks on",
                f"stile lanes change {lane.slug} --liveness passive+active",
            )
        if lane.attempts > MANY_ATTEMPTS:
            yield Finding(
                name,
                "look",
                f"{lane.attempts} attempts in a row: each has its own chance of a false match",
                f"stile lanes change {lane.slug} --attempts 2",
            )
        if lane.liveness is LivenessMode.OFF:
            yield Finding(
                name,
                "look",
                "liveness is off: a photograph may open this lane",
                f"stile lanes change {lane.slug} --liveness passive",
            )


def _look_at_the_register(site: Site, centres: Collection[CentreId]) -> Iterator[Finding]:
    """Law 5."""
    for centre in centres:
        if lacks := site.go_live.lacks(centre):
            first = ", ".join(f"that {one.value}" for one in lacks)
            yield Finding(
                "Register",
                "look",
                f"lanes are closed to faces; the register lacks {first}",
                "open /console/register, or: stile register missing",
            )
        elif last := site.go_live.closes_soon(centre):
            yield Finding(
                "Register",
                "look",
                f"lanes close to faces after {last.isoformat()} unless the assessment is reviewed before",
                "open /console/register",
            )
        else:
            yield Finding("Register", "good", f"complete; to be reviewed by {site.go_live.review_on(centre)}")


def _promised(lane: Lane) -> str:
    if lane.ask is Ask.CARD_FIRST:
        return f"FMR {lane.fmr:g}, one to one"
    person = fpir_of_a_person(lane.fpir, lane.attempts)
    return f"FPIR {lane.fpir:g} an attempt, at most {person:.2g} for {lane.attempts} in a row"


MANY_ATTEMPTS = 5
MANY_MISSES = 0.02
"""Share of members' attempts that are asked for the card, from which on it is worth a word."""


def _look_at_misses(site: Site, lane: Lane, name: str, threshold: Threshold) -> Iterator[Finding]:
    """What the pack's own measurement says of members at this threshold, and what helps."""
    assert site.pool is not None
    if lane.frames < site.pool.frames:
        yield Finding(
            name,
            "look",
            f"an attempt fuses {lane.frames} frames; with the pack {site.pool.pack} it should fuse {site.pool.frames}",
            f"stile lanes change {lane.slug} --frames {site.pool.frames} "
            f"--seconds {site.pool.frames * SECONDS_A_FRAME:g}",
        )
    points = site.pool.calibration.points
    misses = next((one.fnmr for one in points if one.threshold >= threshold.value), points[-1].fnmr)
    if misses is None or misses < MANY_MISSES:
        return
    better = "stile models pull mobilefacenet"
    if lane.ask is not Ask.CARD_FIRST:
        better += f", or compare one to one: stile lanes change {lane.slug} --ask 'card first'"
    yield Finding(
        name,
        "look",
        f"about {misses:.0%} of members' attempts will be asked for the card: the pack {site.pool.pack} tells "
        f"no more at this rate and size",
        better,
    )


MARKS = {"good": "[green]✓[/]", "look": "[yellow]![/]", "bad": "[red]✗[/]"}


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in findings:
        table.add_row(
            MARKS[one.state], one.what, one.is_so + (f"\n[dim]→[/] [bold]{one.mend}[/]" if one.mend else "")
        )
    console.print(table)
    if all(one.state == "good" for one in findings):
        print_line("Nothing to do.")
