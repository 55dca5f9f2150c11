"""`stile evaluate liveness --live LANE`: says what to present, reads what the lane recorded, and counts."""

from datetime import UTC, datetime
from json import JSONDecodeError, loads
from json import dumps as to_json
from pathlib import Path
from typing import Any

from stile.application.evaluation.liveness_kit import PRESENTED, Kit, last_of, next_reason
from stile.domain.errors import WrongValue
from stile.domain.presentation_attacks import NOT_LOOKED, ON_THIS_CAMERA, Response, response_of
from stile.entrypoints.cli.common import print_line, site
from stile.entrypoints.cli.liveness_document import rates_of, show
from stile.testing.presentations import Kind

SAID = {
    Response.ADMITTED: "LET IN",
    Response.LIVE: "taken for live, but nobody was matched",
    Response.ATTACK: "taken for an attack",
    Response.NONE: "no response",
}


def present_at(slug: str, file: Path, each: int, only: tuple[Kind, ...], data: Path | None) -> None:
    """Until all are presented, or Ctrl-C. Counts after every presentation, so that nothing is lost."""
    with site(data) as here:
        lane = here.setup.lane(slug)
        began, kit = _read(file, lane.slug, each)
        print_line(ON_THIS_CAMERA)
        print_line(
            f"Lane {lane.name}, liveness {lane.liveness}. Present at its kiosk; nobody else should use it meanwhile. "
            "Ctrl-C stops, and the same command goes on."
        )
        last = last_of(here.store, lane.id)
        try:
            while (kind := _next(kit, only)) is not None:
                print_line(f"{kind}, {kit.done(kind) + 1} of {each}: present now.")
                found = next_reason(here.store, lane.id, last)
                if found is None:
                    print_line("Nobody came for ten minutes. Stopped.")
                    break
                last, reason = found
                if reason in NOT_LOOKED:
                    print_line(f"  The lane did not look ({reason}): not counted. Wait for half a minute.")
                    continue
                kit.add(kind, reason)
                _write(
                    file, kit, lane.slug, str(lane.liveness), str(here.settings.pack or "the best one"), began
                )
                print_line(f"  {SAID[response_of(reason)]} ({reason})")
        except KeyboardInterrupt:
            print_line("Stopped.")
    show([kit.tally(kind) for kind in (Kind.BONA_FIDE, *PRESENTED) if kit.done(kind)])


def _next(kit: Kit, only: tuple[Kind, ...]) -> Kind | None:
    if not only:
        return kit.next
    return next((kind for kind in only if kit.done(kind) < kit.each), None)


def _read(file: Path, lane: str, each: int) -> tuple[str, Kit]:
    """When it began, and how far it is. Raises WrongValue for a file that is not one of these, or of another lane."""
    if not file.exists():
        return datetime.now(UTC).isoformat(timespec="seconds"), Kit(each=each)
    try:
        document = loads(file.read_text(encoding="utf-8"))
        counts = document["counts"]
        if document["lane"] != lane:
            raise WrongValue(f"{file} counts the lane “{document['lane']}”, not “{lane}”")
        return str(document["began"]), Kit.read(counts, each)
    except (JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        raise WrongValue(f"{file} is not a count of `stile evaluate liveness --live`") from None


def _write(file: Path, kit: Kit, lane: str, mode: str, pack: str, began: str) -> None:
    tallies = [kit.tally(kind) for kind in (Kind.BONA_FIDE, *PRESENTED) if kit.done(kind)]
    document: dict[str, Any] = {
        "note": ON_THIS_CAMERA,
        "lane": lane,
        "mode": mode,
        "pack": pack,
        "began": began,
        "counts": kit.counts,
        **rates_of(tallies),
    }
    part = file.with_suffix(file.suffix + ".part")
    part.write_text(to_json(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(file)  # a count that was half written would lose the day's work
