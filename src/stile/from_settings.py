"""What settings say, as what is made of it: adapters, and how the organisation speaks of itself.

With `office` and `bootstrap`, the only files that name concrete adapters.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from stile.adapters.audit_key import AuditKey
from stile.adapters.journal import JOURNAL, FileJournal
from stile.adapters.mail import MailSecurity, SmtpMail
from stile.adapters.time_stamps import Rfc3161
from stile.adapters.vault import FileVault
from stile.application.answer_foi import Voice
from stile.application.audit.export_audit import VerifyExport
from stile.application.register.processing import Particulars
from stile.config import Settings
from stile.domain.account import Publisher
from stile.domain.errors import NotConfigured, StileError
from stile.domain.foi_desk.letter import FoiLetter, Sender
from stile.domain.foi_desk.papers import Paper
from stile.domain.processing_record import Safeguards
from stile.domain.register import OrganisationKind
from stile.domain.sessions import SecondFactor
from stile.ports import (
    IdentityProvider,
    Store,
    Vault,
)


def voice(settings: Settings) -> Voice:
    """How the organisation speaks of itself when it answers a request for information."""
    kind = settings.organisation
    who = settings.foi.who or ("the council" if kind is OrganisationKind.AUTHORITY else "the operator")
    return Voice(kind, who, settings.foi.contacts)


def publisher(settings: Settings, store: Store) -> Publisher:
    """Who publishes the account. Raises NotConfigured before the site is set up."""
    with store.read() as work:
        operator = work.operators.only()
    if operator is None:
        raise NotConfigured("This site is not set up yet: run `stile init`.")
    return Publisher(
        settings.organisation,
        operator.name,
        settings.foi.who or operator.name,
        settings.operator_address or settings.foi.address or "",
        settings.data_protection_officer or "",
        settings.privacy_contact or "",
        settings.foi.email or "",
        settings.open_data_licence,
        settings.foi.ico,
    )


def email_file(letter: FoiLetter, to: str, papers: Sequence[tuple[Paper, bytes]]) -> bytes:
    # Imported here: it is heavy, and few e-mails are made.
    from stile.adapters.documents.email_file import eml

    return eml(letter, to, papers)


def may_be_given(settings: Settings) -> tuple[str, ...]:
    """Addresses and numbers of organisations that stand in an answer on purpose."""
    foi = settings.foi
    return tuple(one for one in (*foi.contacts.values(), foi.email, settings.privacy_contact) if one)


def particulars(settings: Settings) -> Particulars:
    """What the record of processing says of the organisation."""
    return Particulars(
        settings.organisation,
        settings.operator_address or settings.foi.address or "",
        settings.privacy_contact or settings.foi.email or "",
        settings.data_protection_officer or "",
        settings.notice_recipients or "",
        settings.children,
        Safeguards(
            settings.secure,
            settings.second_factor is SecondFactor.REQUIRED,
            settings.backup_folder is not None and bool(settings.backup_recipients),
        ),
        settings.figure_groups,
        settings.foi.bound,
    )


def sender(settings: Settings, store: Store) -> Sender:
    """Who answers requests for information."""
    with store.read() as work:
        operator = work.operators.only()
    foi = settings.foi
    return Sender(
        operator.name if operator else "",
        foi.team,
        tuple(line.strip() for line in (foi.address or "").split(",") if line.strip()),
        foi.email or "",
        (foi.portal_name, foi.portal_url) if foi.portal_name and foi.portal_url else None,
        foi.bound,
        foi.ico,
        f"{settings.public_url.rstrip('/')}/transparency" if settings.public_url else "",
    )


def provider(settings: Settings) -> IdentityProvider | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    # Imported here: it is heavy, and few sites have one.
    from stile.adapters.identity_provider import OpenIdProvider

    secret = settings.oidc_client_secret
    return OpenIdProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_roles_claim,
        f"{settings.base_url}/sign-in/provider/back",
    )


def mail_server(settings: Settings) -> SmtpMail:
    password = settings.mail_password
    return SmtpMail(
        settings.mail_host,
        settings.mail_from,
        settings.mail_port,
        MailSecurity(settings.mail_security),
        settings.mail_user,
        password.get_secret_value() if password else None,
        settings.mail_authorities,
    )


def journals(settings: Settings, vault: Vault, has_key: bool) -> Callable[[UUID], Sequence[FileJournal]]:
    """The journals of erasures: in the data folder, and beside the backups. None without the site key that seals them:
    what was erased meanwhile stands in the store, and is carried over when the key is back."""
    folders = (
        [settings.data, *([settings.backup_folder] if settings.backup_folder else [])] if has_key else []
    )
    return lambda site: [FileJournal(folder / JOURNAL, site, vault) for folder in folders]


def files_beside(settings: Settings) -> dict[str, bytes]:
    """What a backup takes along from the data folder: the audit log's signed checkpoints, and the settings that are no
    secret, to read. Never the site key."""
    plain = settings.model_dump(mode="json", exclude={"site_key", "mail_password", "database"})
    plain = {name: value for name, value in plain.items() if value != "**********"}
    files = {"settings.json": json.dumps(plain, indent=2).encode()}
    path = settings.data / CHECKPOINTS
    if path.is_file() and path.stat().st_size < LARGEST_BESIDE:
        files[path.name] = path.read_bytes()
    return files


CHECKPOINTS = "audit-checkpoints.txt"
LARGEST_BESIDE = 8 * 1024 * 1024


def export_verifier() -> VerifyExport:
    """Checks an export without a site: of the key only the checking of signatures is used."""
    return VerifyExport(AuditKey(Path("nowhere")), Rfc3161("", None))


def audit_key_of(settings: Settings) -> AuditKey:
    given = settings.audit_key
    return AuditKey(settings.data / "audit.key", given.get_secret_value() if given is not None else None)


def time_stamps(settings: Settings) -> Rfc3161 | None:
    if settings.time_stamp_url is None:
        return None
    return Rfc3161(settings.time_stamp_url, settings.time_stamp_roots)


def vault_of(settings: Settings, is_set_up: bool) -> tuple[Vault, str | None]:
    """The vault, and why nothing may be sealed with it. A key file is made for a new site only: for a site that is
    set up, a missing one is lost, and a second key beside sealed templates would hide that."""
    if settings.site_key is not None:
        return FileVault.from_base64(settings.site_key.get_secret_value()), None
    path = settings.data / "site.key"
    try:
        return FileVault.load(path) if is_set_up else FileVault.load_or_create(path), None
    except StileError as error:  # law 4: the card goes on
        return FileVault(secrets.token_bytes(32)), f"The site key is missing or not private. {error}"
