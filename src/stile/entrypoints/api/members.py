"""Members, by their membership number: the key that other programs know them by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import actor_of, needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.api.shapes import Changes, MemberIn, MemberOut, Number, member_out
from stile.entrypoints.web.context import TheWeb, Web

router = APIRouter(prefix="/members", tags=["members"])

ByNumber = Annotated[Number, Path(description="The membership number.")]


class Members(BaseModel):
    members: list[MemberOut]
    next: str | None = Field(description="Give it as `after` for the next page; null at the end.")


class Receipt(BaseModel):
    """What was destroyed, and where the audit log says so."""

    templates: int
    at: datetime
    audit_position: int


class Invitation(BaseModel):
    link: str = Field(description="Works once; it is in this answer and nowhere else.")


@router.get("", responses=answers(401, 403, 422, 429, 503))
def list_members(
    web: TheWeb,
    program: Token = needs(Permission.SEE_MEMBERS),
    after: Annotated[str, Query(max_length=40, description="Those after this membership number.")] = "",
    most: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 100,
) -> Members:
    """Members by membership number, a page at a time."""
    with web.site.store.read() as work:
        found = work.members.page(after, most)
    return Members(
        members=_shown(web, program, found),
        next=found[-1].number if len(found) == most else None,
    )


@router.post("", status_code=201, responses=answers(400, 401, 403, 409, 422, 429, 503))
def add_member(
    web: TheWeb, given: MemberIn, response: Response, program: Token = needs(Permission.CHANGE_MEMBERS)
) -> MemberOut:
    """Adds a member. Refused when the membership number or a card is taken."""
    with web.site.store.read() as work:
        centre = work.centres.all()[0]
    member = web.site.membership.add(centre.id, given.as_new(), actor_of(program))
    response.headers["location"] = f"/api/v1/members/{quote(member.number, safe='')}"
    return _told(web, member)


@router.get("/{number}", responses=answers(401, 403, 404, 422, 429, 503))
def read_member(web: TheWeb, number: ByNumber, program: Token = needs(Permission.SEE_MEMBERS)) -> MemberOut:
    """One member."""
    [shown] = _shown(web, program, [_member(web, number)])
    return shown


@router.patch(
    "/{number}",
    response_model=MemberOut,
    responses=answers(400, 401, 403, 404, 409, 422, 429, 503)
    | {204: {"description": "Changed, and not shown: the token may not see members."}},
)
def change_member(
    web: TheWeb, number: ByNumber, changes: Changes, program: Token = needs(Permission.CHANGE_MEMBERS)
) -> MemberOut | Response:
    """Changes what is given and leaves the rest. With `version`, refused when somebody changed the member since. The
    answer is the member for a token that may see members, and empty for any other."""
    member = _member(web, number)
    given = changes.as_changes()
    changed = web.site.membership.change(member.id, given, actor_of(program), changes.version)
    if not program.may(Permission.SEE_MEMBERS):  # or a change of nothing would read whomever one likes
        return Response(status_code=204)
    [shown] = _shown(web, program, [changed])
    return shown


@router.post("/{number}/invitations", status_code=201, responses=answers(401, 403, 404, 422, 429, 503))
def invite_member(web: TheWeb, number: ByNumber, program: Token = needs(Permission.ENROL)) -> Invitation:
    """Makes the member's link to enrol; whatever link they had before works no more."""
    token = web.site.enrol.invite(_member(web, number).id, actor_of(program))
    return Invitation(link=f"{web.site.settings.base_url}/enrol/{token}")


@router.post("/{number}/withdrawal", responses=answers(401, 403, 404, 422, 429, 503))
def withdraw_consent(web: TheWeb, number: ByNumber, program: Token = needs(Permission.WITHDRAW)) -> Receipt:
    """Withdraws the consent: template and key are destroyed at once, and the card goes on working."""
    receipt = web.site.withdraw.consent_of(_member(web, number).id, actor_of(program))
    return Receipt(templates=receipt.templates, at=receipt.at, audit_position=receipt.audit_position)


def _member(web: Web, number: str) -> Member:
    """Raises NotFound, in words that do not repeat the number: they may end in somebody's log."""
    with web.site.store.read() as work:
        found = work.members.by_number(number)
    if found is None:
        raise NotFound("There is no member with that number.")
    return found


def _shown(web: Web, program: Token, found: Sequence[Member]) -> list[MemberOut]:
    """Recorded before it is shown."""
    web.site.looked.at_all([one.id for one in found], actor_of(program), "member, by a program")
    return [_told(web, one) for one in found]


def _told(web: Web, member: Member) -> MemberOut:
    pack = web.site.pool.pack if web.site.pool else None
    with web.site.store.read() as work:
        consents = work.consents.live_of(MemberId(member.id)) is not None
        enrolled = pack is not None and work.templates.has(member.id, pack)
    return member_out(member, consents, enrolled)
