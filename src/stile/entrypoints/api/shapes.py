"""What goes over the wire. Checked here for shape and size; whether it can be is the domain's to say."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from stile.application.membership import NewMember
from stile.domain.hours import hours
from stile.domain.member import Member, MembershipStatus

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: PostgreSQL takes no NUL, and a line break in a name breaks somebody's list."""

Number = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PRINTABLE)]
Name = Annotated[str, StringConstraints(max_length=80, pattern=PRINTABLE)]
Card = Annotated[str, StringConstraints(min_length=4, max_length=40, pattern=PRINTABLE)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Hours = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]


class MemberIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Number = Field(description="The membership number.")
    given_name: Annotated[Name, StringConstraints(min_length=1)] = Field(description="As the member gave it.")
    family_name: Name = ""
    born_on: date | None = None
    email: Short | None = None
    phone: Short | None = Field(None, description="With its country, like +442079460000.")
    kind: Short = Field("member", description="What they bought, in the operator's words.")
    status: MembershipStatus = MembershipStatus.ACTIVE
    expires_on: date | None = Field(None, description="The last day that admits; null is no end.")
    hours: Hours | None = Field(
        None, description="When it admits, like “mon-fri 06:00-16:00; sat,sun 08:00-12:00”; null is always."
    )
    cards: list[Card] = Field(default_factory=list, max_length=20, description="Card numbers.")
    group: Short | None = Field(None, description="The school's or college's group they come with.")

    def as_new(self) -> NewMember:
        """Raises WrongValue for hours that cannot be read."""
        return NewMember(
            self.number,
            self.given_name,
            self.family_name,
            tuple(self.cards),
            self.expires_on,
            self.status,
            self.born_on,
            self.email,
            self.phone,
            self.kind,
            hours=hours(self.hours or ""),
            group=self.group,
        )


class Changes(BaseModel):
    """What is given is changed. Direct marketing is not among it: only the member's own yes turns it on."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(
        None,
        ge=1,
        le=2**31 - 1,
        description="The version that was read: refused when the member changed since.",
    )
    given_name: Annotated[Name, StringConstraints(min_length=1)] = ""
    family_name: Name = ""
    born_on: date | None = None
    email: Short | None = None
    phone: Short | None = None
    kind: Short = ""
    status: MembershipStatus = MembershipStatus.ACTIVE
    expires_on: date | None = None
    hours: Hours | None = None
    cards: list[Card] = Field(default_factory=list, max_length=20)
    group: Short | None = None

    def as_changes(self) -> Mapping[str, Any]:
        """Fields of Member and their new values. Raises WrongValue for hours that cannot be read."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"version"}}
        return given | ({"hours": hours(self.hours or "")} if "hours" in given else {})


class Face(BaseModel):
    agreed: bool = Field(description="Whether a consent to come in by face is live.")
    enrolled: bool = Field(
        description="Whether a template is held for the pack in use. It is given to nobody."
    )


class MemberOut(BaseModel):
    id: UUID
    number: str
    given_name: str
    family_name: str
    born_on: date | None
    email: str | None
    phone: str | None
    kind: str
    status: MembershipStatus
    expires_on: date | None
    hours: str | None
    cards: list[str]
    group: str | None
    marketing: bool
    face: Face
    version: int


def member_out(member: Member, agreed: bool, enrolled: bool) -> MemberOut:
    return MemberOut(
        id=member.id,
        number=member.number,
        given_name=member.given_name,
        family_name=member.family_name,
        born_on=member.born_on,
        email=member.email,
        phone=member.phone,
        kind=member.kind,
        status=member.status,
        expires_on=member.expires_on,
        hours=str(member.hours) if member.hours else None,
        cards=list(member.cards),
        group=member.group,
        marketing=member.marketing,
        face=Face(agreed=agreed, enrolled=enrolled),
        version=member.version,
    )
