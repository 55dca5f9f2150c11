"""The page for people: what the template needs, and how it is made for the web and for a folder."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from stile.domain.account import Account
from stile.domain.disclosure import Shown, Suppressed
from stile.domain.enrolled import AgeGroup
from stile.domain.figures import Estimate, Figures, Measure
from stile.domain.member_groups import SHARES
from stile.domain.open_data.licence import OPEN_GOVERNMENT_LICENCE
from stile.domain.register import OrganisationKind
from stile.entrypoints.transparency import told
from stile.entrypoints.transparency.files import File, Page
from stile.entrypoints.transparency.picture import percent, picture
from stile.entrypoints.web.pages import Pages
from stile.entrypoints.web.prose import blocks

MONTHS = 3
"""As many of the newest are shown at once; the picture has them all."""


def page(pages: Pages, link: Callable[[str], str], assets: str, alone: bool) -> Page:
    """`link`: the address of a file. `assets`: where stylesheet and logo lie. `alone`: outside of this program, which
    then sets no headers: the page brings its own policy, and links to nothing that would not be there."""

    def make(account: Account, data: tuple[File, ...]) -> str:
        return pages.text(
            "transparency.html", **_context(account, data), link=link, assets=assets, alone=alone
        )

    return make


@dataclass(frozen=True, slots=True)
class Reason:
    because: str
    count: int


def _context(account: Account, data: tuple[File, ...]) -> dict[str, Any]:
    return {
        "account": account,
        "operator": account.publisher.kind is OrganisationKind.OPERATOR,
        "data": [one for one in data if one.about],
        "entries": {str(one.id): one for one in account.register.entries},
        "places": {one.key: one.place for _, one in account.uses},
        "told": told,
        "left_out": [
            Reason(because, count)
            for because, count in Counter(one.because for one in account.left_out).items()
        ],
        "notice": blocks(account.notice.words) if account.notice else [],
        "ico": account.publisher.ico,
        "groups": [one.value for one in AgeGroup],
        "people": _people,
        "licence": "the Open Government Licence v3.0"
        if account.publisher.licence == OPEN_GOVERNMENT_LICENCE
        else account.publisher.licence,
        **_figures(account.figures),
    }


def _people(count: Shown | None) -> str:
    if isinstance(count, int):
        return f"{count:,}"
    return "not shown" if isinstance(count, Suppressed) else "not measured"


def _figures(figures: Sequence[Figures]) -> dict[str, Any]:
    """Months before anything happened say nothing, and are left out."""
    together = [one for one in figures if one.centre is None]
    first = next((n for n, one in enumerate(together) if not one.nothing), len(together))
    together = together[first:]
    last = together[-1].period if together else None
    latest = [one for one in figures if one.centre is not None and one.period == last]
    return {
        "together": together,
        "latest": latest if len(latest) > 1 else [],
        "picture": Markup(picture(together)) if _any_measured(together) else "",  # noqa: S704 escaped there
        "limits": _limits(together),
        "M": Measure,
        "MONTHS": MONTHS,
        "shares": SHARES,
        "group_labels": ("False alerts", "Another way", "No enrolment"),
        "percent": percent,
        "why": lambda one: "suppressed" if isinstance(one, Suppressed) else "not measured",
    }


def _limits(together: Sequence[Figures]) -> Sequence[str]:
    """Of the latest month in which somebody came by face; a month that has just begun has nothing to say."""
    came = [one for one in together if one.of(Measure.ATTEMPTS).count != 0]
    return (came or together)[-1].limits if together else ()


def _any_measured(together: Sequence[Figures]) -> bool:
    """A picture of nothing would look like one of zeros."""
    shares = (share for one in together for share in one.of(Measure.FALSE_ALERTS).shares)
    return any(isinstance(share.rate, Estimate) for share in shares)
