"""Where a member of staff can go, in the order it is shown: only what their roles allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from stile.domain.access import Staff
from stile.domain.roles import Permission


@dataclass(frozen=True, slots=True)
class Way:
    """`path`: the page, and the beginning of those below it. `label`: what stands on the link."""

    path: str
    label: str
    needs: Permission

    def leads_to(self, path: str) -> bool:
        return path == self.path or path.startswith(self.path + "/")


@dataclass(frozen=True, slots=True)
class Group:
    """Ways that belong together, under one heading."""

    label: str
    ways: tuple[Way, ...]


DESK = (
    Way("/desk", "Desk", Permission.USE_DESK),
    Way("/desk/members", "Members", Permission.SEE_MEMBERS),
)
CONSOLE = (
    Group(
        "People",
        (
            Way("/console/enrolments", "Enrolments", Permission.ENROL),
            Way("/console/rights", "Requests and complaints", Permission.SEE_RIGHTS),
            Way("/console/imports", "Imports", Permission.IMPORT_MEMBERS),
        ),
    ),
    Group(
        "Lanes",
        (
            Way("/console/evaluation", "Evaluation", Permission.SEE_EVALUATION),
            Way("/console/waits", "Waiting times", Permission.SEE_EVALUATION),
            Way("/console/devices", "Devices", Permission.MANAGE_DEVICES),
        ),
    ),
    Group(
        "Records",
        (
            Way("/console/audit", "Audit", Permission.SEE_AUDIT),
            Way("/console/retention", "Retention", Permission.SEE_RETENTION),
        ),
    ),
    Group(
        "Site",
        (
            Way("/console/staff", "Staff", Permission.MANAGE_STAFF),
            Way("/console/tokens", "Other programs", Permission.MANAGE_TOKENS),
            Way("/console/settings", "Settings", Permission.SEE_SETTINGS),
        ),
    ),
)
"""The back office."""


def desk(staff: Staff) -> Sequence[Way]:
    return [way for way in DESK if staff.may(way.needs)]


def groups(staff: Staff) -> Sequence[Group]:
    """The console's, without what these roles do not open, and no heading over nothing."""
    open_to = [
        Group(group.label, tuple(way for way in group.ways if staff.may(way.needs))) for group in CONSOLE
    ]
    return [group for group in open_to if group.ways]


def console(staff: Staff) -> Sequence[Way]:
    return [way for group in groups(staff) for way in group.ways]


def here(staff: Staff, path: str) -> Way | None:
    """The one that the page at `path` lies under: the longest that fits."""
    fitting = [way for way in (*desk(staff), *console(staff)) if way.leads_to(path)]
    return max(fitting, key=lambda way: len(way.path), default=None)


def home(staff: Staff) -> str:
    """Where somebody goes after signing in."""
    return next((way.path for way in (*desk(staff), *console(staff))), "/account")
