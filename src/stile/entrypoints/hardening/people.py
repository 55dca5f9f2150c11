"""Accounts of the staff, and tokens of programs."""

from collections.abc import Iterator
from datetime import timedelta

from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.ids import StaffId
from stile.domain.roles import AT_AUTHORITY, Role
from stile.domain.sessions import SecondFactor
from stile.domain.tokens import Stopped, stopped
from stile.entrypoints.hardening.weakness import LONG_AGO, Look, Severity, Weakness
from stile.ports import Wanted

LONG_SESSION = 12.0
LONG_IDLE = 120
LONG_AGAIN = 120
LONG_TOKEN = timedelta(days=180)


def _working(look: Look) -> list[Staff]:
    return [one for one in look.work.staff.all() if not one.is_disabled]


def _has_factor(look: Look, staff: StaffId) -> bool:
    generator = look.work.codes.generator(staff)
    confirmed = generator is not None and generator.confirmed_at is not None
    return confirmed or bool(look.work.passkeys.of_staff(staff))


def second_factor_is_optional(look: Look) -> Iterator[Weakness]:
    if look.settings.second_factor is SecondFactor.OPTIONAL:
        yield Weakness(
            "second-factor-optional",
            Severity.SEVERE,
            "a guessed or stolen password alone opens the desk",
            "Set `second_factor` to required.",
        )


def accounts_without_second_factor(look: Look) -> Iterator[Weakness]:
    for one in _working(look):
        if one.password_hash is not None and not one.from_provider and not _has_factor(look, one.id):
            yield Weakness(
                "account-one-factor",
                Severity.WEAK,
                "has a password and no second factor",
                "Sign in and add a passkey or an authenticator app.",
                one.name,
            )


def one_account_holds_all(look: Look) -> Iterator[Weakness]:
    for one in _working(look):
        if one.roles >= (frozenset(Role) if look.office.has_lanes else AT_AUTHORITY):
            yield Weakness(
                "account-all-roles",
                Severity.WEAK,
                "holds every role: nobody else would see what it does",
                "Give the roles to those who do the work, and keep this account to the ones it needs.",
                one.name,
            )


def accounts_not_used(look: Look) -> Iterator[Weakness]:
    since = look.now - LONG_AGO
    for one in _working(look):
        if one.joined_at is not None and one.joined_at > since:
            continue
        made = Wanted(events=(Event.STAFF_CREATED,), subjects=(str(one.id),), since=since, most=1)
        if look.work.audit.find(made):  # the first account has no day on which it joined
            continue
        if not look.work.audit.find(Wanted(actors=(str(one.id),), since=since, most=1)):
            yield Weakness(
                "account-unused",
                Severity.WEAK,
                "did nothing for 90 days, and would still get in"
                if one.has_joined or one.from_provider
                else "was never used: nobody has chosen how to sign in with it",
                "Disable it in the console, at Staff.",
                one.name,
            )


def sessions_are_long(look: Look) -> Iterator[Weakness]:
    settings = look.settings
    if settings.session_hours > LONG_SESSION or settings.session_idle_minutes > LONG_IDLE:
        yield Weakness(
            "session-long",
            Severity.WEAK,
            f"a session lasts {settings.session_hours:g} hours, or {settings.session_idle_minutes} minutes unused",
            "Set `session_hours` to 12 or less and `session_idle_minutes` to 30.",
        )


def provider_sessions_are_long(look: Look) -> Iterator[Weakness]:
    settings = look.settings
    if settings.oidc_issuer and settings.oidc_again_minutes > LONG_AGAIN:
        yield Weakness(
            "session-long-provider",
            Severity.WEAK,
            f"a role taken away at the identity provider may hold here for {settings.oidc_again_minutes} minutes",
            "Set `oidc_again_minutes` to 60.",
        )


def tokens_are_long(look: Look) -> Iterator[Weakness]:
    for token in look.work.tokens.all():
        if token.works(look.now) and token.expires_at - look.now > LONG_TOKEN:
            yield Weakness(
                "token-long",
                Severity.WEAK,
                f"works until {token.expires_at.date().isoformat()}, whoever may have it by then",
                "Make one for 90 days, and end this one.",
                token.name,
            )


def tokens_are_not_used(look: Look) -> Iterator[Weakness]:
    for token in look.work.tokens.all():
        used = token.used_at or token.made_at
        if token.works(look.now) and look.now - used > LONG_AGO:
            yield Weakness(
                "token-unused",
                Severity.WEAK,
                "was not used for 90 days, and still works",
                f"`stile tokens revoke {token.id}`",
                token.name,
            )


def tokens_stopped_with_their_maker(look: Look) -> Iterator[Weakness]:
    accounts = {one.id: one for one in look.work.staff.all()}
    for token in look.work.tokens.all():
        why = stopped(token, accounts.get(token.made_by) if token.made_by else None, look.now)
        if why in (Stopped.MAKER_DISABLED, Stopped.MAKER_MAY_NOT):
            yield Weakness(
                "token-stopped",
                Severity.NOTE,
                f"opens nothing any more: {why}",
                f"Make a new one with an account of now, give it to the program, and `stile tokens revoke {token.id}`",
                token.name,
            )


def nobody_reads_the_log(look: Look) -> Iterator[Weakness]:
    if not any(one.roles & {Role.AUDITOR, Role.DATA_PROTECTION} for one in _working(look)):
        yield Weakness(
            "nobody-audits",
            Severity.NOTE,
            "no account may read the audit log",
            "Give somebody who runs nothing here the role auditor, or data protection.",
        )
