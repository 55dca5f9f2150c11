"""Children and their parents, for tests of the use cases and of the pages."""

from datetime import date, timedelta

from stile.application.membership import NewMember
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.children import Children
from stile.domain.consent import Channel, Relation
from stile.domain.guardians import Guardian, Said
from stile.domain.member import Member
from stile.testing import picture_of
from tests.conftest import Here

TODAY = date(2026, 11, 2)
"""The day of the fake clock."""


def born(age: int) -> date:
    """Whose birthday was the day before."""
    return date(TODAY.year - age, TODAY.month, TODAY.day - 1)


def with_settings(here: Here, **settings: object) -> Here:
    """The same site, opened again with other settings."""
    kept = here.site.settings.model_dump(exclude_unset=True) | {"adults_only": False} | settings
    pool, doors = here.pool, here.doors
    site: Site = open_site(Settings(**kept), clock=here.clock, pool=pool, doors=doors, mail=here.mail)
    return Here(site, here.lane, here.clock, pool, doors, here.mail)


def for_children(here: Here, children: Children = Children.ALL, **settings: object) -> Here:
    return with_settings(here, children=children, **settings)


def child(here: Here, age: int, who: int = 1, group: str | None = None, email: str | None = None) -> Member:
    new = NewMember(
        f"20{who:02}", "Ada", "Example", (f"66000{who:02}",), born_on=born(age), group=group, email=email
    )
    return here.site.membership.add(here.lane.centre, new, "test")


def parent(
    here: Here, member: Member, name: str = "Annabella Example", email: str | None = "annabella@example.org"
) -> Guardian:
    return here.site.families.name(member.id, name, Relation.PARENT, email, "test")


def consents(here: Here, guardian: Guardian) -> None:
    here.site.families.record(guardian.id, Said.CONSENTED, Channel.PAPER, "test")


def enrol(here: Here, member: Member, who: int = 1, channel: Channel = Channel.ENROLMENT_PAGE) -> None:
    """As the member does it on their own phone, once they may."""
    site = here.site
    site.enrol.consent(member.id, site.notices.show(), channel, "the member")
    enrolment = site.enrol.begin(member.id)
    for variation in range(3):
        site.enrol.shot(enrolment, picture_of(who, variation=variation))
    site.enrol.finish(enrolment)


def is_enrolled(here: Here, member: Member) -> bool:
    with here.site.store.read() as work:
        return work.templates.has(member.id, here.pool.pack)


def born_before(site: Site, age: int) -> date:
    """Whose birthday was some days before the site's own today."""
    today = site.clock.today() - timedelta(days=3)
    return today.replace(year=today.year - age, day=min(today.day, 28))
