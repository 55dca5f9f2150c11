"""Where a member of staff can go, in the order it is shown: only what their roles allow."""

from collections.abc import Collection, Sequence
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
        "Public account",
        (
            Way("/console/register", "Register", Permission.SEE_REGISTER),
            Way("/console/figures", "Figures", Permission.SEE_FIGURES),
            Way("/console/foi", "Requests for information", Permission.SEE_FOI),
            Way("/transparency", "What the public sees", Permission.SEE_REGISTER),
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


class Navigation:
    """The ways of one site. `served`: the addresses that it has, where it has not all of them (an authority)."""

    def __init__(self, served: Collection[str] | None = None) -> None:
        self._served = served

    def desk(self, staff: Staff) -> Sequence[Way]:
        return self._open(DESK, staff)

    def groups(self, staff: Staff) -> Sequence[Group]:
        """The console's, without what these roles do not open, and no heading over nothing."""
        open_to = [Group(group.label, self._open(group.ways, staff)) for group in CONSOLE]
        return [group for group in open_to if group.ways]

    def console(self, staff: Staff) -> Sequence[Way]:
        return [way for group in self.groups(staff) for way in group.ways]

    def here(self, staff: Staff, path: str) -> Way | None:
        """The one that the page at `path` lies under: the longest that fits."""
        fitting = [way for way in (*self.desk(staff), *self.console(staff)) if way.leads_to(path)]
        return max(fitting, key=lambda way: len(way.path), default=None)

    def home(self, staff: Staff) -> str:
        """Where somebody goes after signing in."""
        return next((way.path for way in (*self.desk(staff), *self.console(staff))), "/account")

    def _open(self, ways: Sequence[Way], staff: Staff) -> tuple[Way, ...]:
        return tuple(
            way for way in ways if staff.may(way.needs) and (self._served is None or way.path in self._served)
        )
