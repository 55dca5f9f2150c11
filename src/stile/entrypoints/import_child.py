"""An import in a process of its own: 100,000 lines take many seconds of reckoning, and in the serving process the lanes
would have to share the interpreter with it.

It is told what to do by one JSON object on its standard input, and tells how far it is by JSON lines on its standard
output: `{"stage", "done", "of"}`, and at the end `{"report"}` or `{"error"}`.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.application.import_members import ImportMembers, Plan, Tick, Wanted
from stile.application.member_file import Mapped
from stile.application.member_file import mapping as read_mapping
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.errors import StileError
from stile.domain.ids import CentreId
from stile.entrypoints import import_report

EVERY = 0.2
"""Seconds between two lines of progress."""


def main() -> None:
    told = json.loads(sys.stdin.read())
    try:
        site = open_site(Settings(**told["settings"]), see=False)
        try:
            report = run(site, told)
        finally:
            site.close()
    except StileError as error:
        _say({"error": str(error)})
    except Exception as error:  # noqa: BLE001 its kind only: its text may hold what stands in the file
        _say({"error": f"The import failed ({type(error).__name__}). Nothing that was not told was done."})
    else:
        _say({"report": report})


def run(site: Site, told: dict[str, Any]) -> dict[str, Any]:
    """`told`: file, mapping (text or None), centre (an id or None), dry_run, strict, lapse_many, source, actor."""
    wanted = Wanted(
        Path(told["file"]).read_bytes(),
        _centre(site, told["centre"]),
        read_mapping(told["mapping"]) if told["mapping"] else Mapped(),
        told["strict"],
        told["lapse_many"],
        told["source"],
    )
    tick = _Progress()
    if not told["dry_run"]:
        site.import_members.finish_what_is_left(tick)
    plan = planned(site.import_members, wanted, tick)
    if told["dry_run"] or plan.refused:
        return import_report.of_plan(plan)
    return import_report.of_import(site.import_members.carry_out(plan, told["actor"], tick))


def planned(imports: ImportMembers, wanted: Wanted, tick: Tick) -> Plan:
    """At low priority, in a thread of its own: Linux keeps the priority by thread. What writes keeps the usual one:
    where others are busy, a writer of low priority would hold the lock of the lanes and not get on."""
    found: list[Plan] = []
    failed: list[BaseException] = []

    def plan() -> None:
        if sys.platform == "linux":
            os.nice(10)
        try:
            found.append(imports.plan(wanted, tick))
        except BaseException as error:  # noqa: BLE001 raised again where it is waited for
            failed.append(error)

    thread = threading.Thread(target=plan, name="plan")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


def _centre(site: Site, id: str | None) -> CentreId:
    with site.store.read() as work:
        return CentreId(UUID(id)) if id else work.centres.all()[0].id


class _Progress:
    def __init__(self) -> None:
        self._last, self._stage = 0.0, ""

    def __call__(self, stage: str, done: int, of: int) -> None:
        now = time.monotonic()
        if stage != self._stage or now - self._last >= EVERY:
            self._last, self._stage = now, stage
            _say({"stage": stage, "done": done, "of": of})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
