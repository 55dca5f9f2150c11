"""Roles in words, for the pages that give them."""

from dataclasses import dataclass

from stile.domain.roles import Role
from stile.domain.sessions import Means


@dataclass(frozen=True, slots=True)
class RoleWords:
    """`may`: what somebody with it does, in a line."""

    name: str
    may: str


ROLES: dict[Role, RoleWords] = {
    Role.RECEPTION: RoleWords("Reception", "Watches the lanes, lets people in, invites members to enrol."),
    Role.MANAGER: RoleWords("Manager", "As reception; also changes members, imports them, manages staff."),
    Role.DATA_PROTECTION: RoleWords(
        "Data protection", "Handles rights and complaints, sets retention, reads the audit log."
    ),
    Role.ENGINEER: RoleWords("Engineer", "Sets up lanes, screens and other programs. Sees no member."),
    Role.AUDITOR: RoleWords("Auditor", "Reads the audit log and the settings, and changes nothing."),
    Role.INFORMATION: RoleWords(
        "Information officer", "Keeps the register, and answers requests for information."
    ),
}

AT_AUTHORITY: dict[Role, RoleWords] = {
    Role.MANAGER: RoleWords("Manager", "Keeps the register, approves answers, manages staff."),
    Role.DATA_PROTECTION: RoleWords(
        "Data protection", "Signs off assessments, answers and approves, sets retention, reads the audit log."
    ),
    Role.AUDITOR: ROLES[Role.AUDITOR],
    Role.INFORMATION: ROLES[Role.INFORMATION],
}
"""Those that are given out at an authority, and what they come to there."""

MEANS: dict[Means, str] = {
    Means.PASSWORD: "by password",
    Means.CODE: "by password and code",
    Means.RECOVERY: "by password and recovery code",
    Means.PASSKEY: "by passkey",
    Means.PROVIDER: "by work account",
    Means.LINK: "by sign-up link",
}
