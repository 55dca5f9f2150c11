"""Whether what happened can be shown, and what is lost can be had back."""

from collections.abc import Iterator
from datetime import timedelta

from stile.domain.audit import Event
from stile.entrypoints.hardening.weakness import Look, Severity, Weakness
from stile.ports import Wanted

BACKUP_WITHIN = timedelta(days=7)
CHECKPOINT_WITHIN = timedelta(days=7)


def no_recent_backup(look: Look) -> Iterator[Weakness]:
    [*made] = look.work.audit.find(Wanted(events=(Event.BACKUP_MADE,), most=1))
    if not made or look.now - made[0].at > BACKUP_WITHIN:
        last = made[0].at.date().isoformat() if made else None
        yield Weakness(
            "backup-old",
            Severity.WEAK,
            f"the last backup is of {last}" if last else "no backup was ever made",
            "Set `backup_folder` and `backup_recipients`, or run `stile backup`.",
        )


def no_recent_checkpoint(look: Look) -> Iterator[Weakness]:
    first = look.work.audit.find(Wanted(until=look.now - CHECKPOINT_WITHIN, most=1))
    latest = look.work.checkpoints.latest()
    if first and (latest is None or look.now - latest.head.at > CHECKPOINT_WITHIN):
        yield Weakness(
            "checkpoint-old",
            Severity.WEAK,
            "the audit log was not signed for a week: what is cut off since would not show",
            "See that `stile serve` runs; `stile audit checkpoint` signs it now.",
        )


def checkpoints_stay_here(look: Look) -> Iterator[Weakness]:
    if look.settings.time_stamp_url is None:
        yield Weakness(
            "checkpoint-inside",
            Severity.WEAK,
            "checkpoints of the audit log lie on this machine only: who has it can write both anew",
            "Set `time_stamp_url` to a time-stamp authority, or copy audit-checkpoints.txt elsewhere each day.",
        )
