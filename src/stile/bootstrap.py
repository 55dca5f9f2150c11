"""The only file that names concrete adapters: settings in, a site out."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import stile
from stile.adapters.audit_key import AuditKey
from stile.adapters.bank_holidays import bank_holidays
from stile.adapters.checkpoint_file import CheckpointFile
from stile.adapters.clock import SystemChance, SystemClock
from stile.adapters.contacts import RealContacts
from stile.adapters.door import LaneDoors
from stile.adapters.gallery import open_gallery
from stile.adapters.journal import JOURNAL, FileJournal
from stile.adapters.mail import MailSecurity, SmtpMail
from stile.adapters.noticeboard import InProcessNoticeboard
from stile.adapters.one_time_codes import TotpCodes
from stile.adapters.passkeys import WebAuthn
from stile.adapters.passwords import Argon2Passwords
from stile.adapters.pins import SealedPins
from stile.adapters.sealed_file import AgeSealer
from stile.adapters.signatures import P256
from stile.adapters.storage import open_store
from stile.adapters.storage.copies import SqlCopyOut
from stile.adapters.time_stamps import Rfc3161
from stile.adapters.vault import FileVault
from stile.adapters.vision import open_pool
from stile.adapters.vision.pictures import PillowReader
from stile.application.adjudicate import Adjudicate
from stile.application.admit import AdmitByFace
from stile.application.admit_by_pass import AdmitByPass
from stile.application.admit_by_pin import AdmitByPin
from stile.application.admit_otherwise import AdmitByCard, AdmitByHand
from stile.application.alternative import Alternative
from stile.application.answer_foi import AnswerFoi, Voice
from stile.application.audit.checkpoints import Checkpoints, When
from stile.application.audit.export_audit import ExportAudit, VerifyExport
from stile.application.audit.looked import Looked
from stile.application.audit.read_audit import ReadAudit
from stile.application.audit.verify_audit import VerifyAudit
from stile.application.backup import MakeBackup
from stile.application.calibrate_site import CalibrateSite
from stile.application.consenting import Consenting
from stile.application.enrol import Enrol
from stile.application.erase_member import EraseMember
from stile.application.expire import Expire
from stile.application.family import Families
from stile.application.foi_letters import FoiLetters
from stile.application.follow_changes import FollowChanges
from stile.application.gate import Gate
from stile.application.import_members import ImportMembers
from stile.application.invite import Invite
from stile.application.leave import Leave
from stile.application.may_enrol import MayEnrol
from stile.application.membership import Membership
from stile.application.notice import Notices
from stile.application.registering import Registering
from stile.application.remember_erasures import RememberErasures
from stile.application.rights.export_person import ExportPerson
from stile.application.rights.my_data import MyData
from stile.application.rights.own_choices import OwnChoices
from stile.application.rights.own_page import OwnPage
from stile.application.rights.rights_requests import RightsRequests
from stile.application.setup import Setup
from stile.application.staff.accounts import Accounts
from stile.application.staff.failed_sign_ins import FailedSignIns
from stile.application.staff.joining import Joining
from stile.application.staff.kiosks import Kiosks
from stile.application.staff.known_browsers import KnownBrowsers
from stile.application.staff.own_account import OwnAccount
from stile.application.staff.passkeys import Passkeys
from stile.application.staff.provider_sign_in import ProviderSignIn
from stile.application.staff.second_factor import SecondFactors
from stile.application.staff.sessions import Sessions
from stile.application.staff.signing_in import SignIn
from stile.application.staff.tokens import Tokens
from stile.application.waiting import Waiting
from stile.application.waits import WaitingTimes
from stile.application.withdraw import Withdraw
from stile.config import Settings
from stile.domain.children import Rules
from stile.domain.errors import CannotDecrypt, NotConfigured, StileError
from stile.domain.foi_letter import Sender
from stile.domain.notice import OFFERED, Details
from stile.domain.register import OrganisationKind
from stile.domain.sessions import Limits
from stile.ports import (
    Chance,
    Clock,
    Contacts,
    Doors,
    EyesPool,
    Gallery,
    IdentityProvider,
    Mail,
    Noticeboard,
    Passwords,
    PictureReader,
    Store,
    Vault,
)


@dataclass(frozen=True, slots=True)
class Site:
    """One running Stile. `pool` and `gallery` are None where nothing can see: the card works all the same."""

    settings: Settings
    clock: Clock
    chance: Chance
    passwords: Passwords
    store: Store
    contacts: Contacts
    vault: Vault
    pictures: PictureReader
    pool: EyesPool | None
    blind_because: str | None
    gallery: Gallery | None
    doors: Doors
    board: Noticeboard
    mail: Mail
    gate: Gate
    setup: Setup
    membership: Membership
    import_members: ImportMembers
    enrol: Enrol
    invite: Invite
    families: Families
    waiting: Waiting
    may_enrol: MayEnrol
    notices: Notices
    withdraw: Withdraw
    erase_member: EraseMember
    remember_erasures: RememberErasures
    expire: Expire
    make_backup: MakeBackup
    follow_changes: FollowChanges
    calibrate_site: CalibrateSite
    admit_by_face: AdmitByFace
    admit_by_card: AdmitByCard
    admit_by_pin: AdmitByPin
    admit_by_pass: AdmitByPass
    alternative: Alternative
    waiting_times: WaitingTimes
    admit_by_hand: AdmitByHand
    leave: Leave
    adjudicate: Adjudicate
    sign_in: SignIn
    sessions: Sessions
    accounts: Accounts
    joining: Joining
    own_account: OwnAccount
    passkeys: Passkeys
    second_factors: SecondFactors
    known_browsers: KnownBrowsers
    provider_sign_in: ProviderSignIn
    kiosks: Kiosks
    tokens: Tokens
    registering: Registering
    answer_foi: AnswerFoi
    foi_letters: FoiLetters
    looked: Looked
    own_page: OwnPage
    own_choices: OwnChoices
    rights: RightsRequests
    my_data: MyData
    export_person: ExportPerson
    checkpoints: Checkpoints
    read_audit: ReadAudit
    verify_audit: VerifyAudit
    export_audit: ExportAudit

    def close(self) -> None:
        self.store.close()


def open_site(
    settings: Settings,
    *,
    see: bool = True,
    clock: Clock | None = None,
    pool: EyesPool | None = None,
    doors: Doors | None = None,
    mail: Mail | None = None,
) -> Site:
    """Opens the store, loads the best pack and fills the gallery. `see=False` leaves the models alone.

    `clock`, `pool`, `doors` and `mail` take the place of the real ones, for tests of one's own drivers.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The data folder {settings.data} cannot be made: {error.strerror}.") from None
    clock, chance, passwords = (
        clock or SystemClock(ZoneInfo(settings.time_zone)),
        SystemChance(),
        Argon2Passwords(),
    )
    contacts = RealContacts(settings.country)
    board, doors = InProcessNoticeboard(), doors or LaneDoors(clock, settings.door_seconds)
    store = open_store(settings.database or settings.data / "stile.db", new_id=chance.new_id, now=clock.now)
    setup = Setup(store, passwords, clock, chance)
    vault, blind_because = _vault(settings, setup.is_done)
    cannot_seal = blind_because
    has_key = blind_because is None
    if blind_because is not None:
        pool = None
    elif pool is None:
        pool, blind_because = _eyes(settings) if see else (None, "not asked to see")
    try:
        gallery = _gallery(store, vault, pool) if pool else None
    except CannotDecrypt:  # law 4: the card goes on, and nobody can be enrolled under a second key
        pool = gallery = None
        blind_because = (
            "The site key is not the one that the templates are sealed with. Put the right one back."
        )
    mail = mail or _mail(settings)
    my_data = MyData(store, pool, clock, settings.privacy_contact)
    notices = Notices(store, clock, _details(settings))
    may_enrol = MayEnrol(
        store, clock, Rules(settings.children, settings.children_guardian, settings.adults_only)
    )
    invite = Invite(store, clock, chance, mail, may_enrol, settings.base_url, ZoneInfo(settings.time_zone))
    consenting = Consenting(store, gallery, clock, chance, may_enrol, OFFERED)
    remember = RememberErasures(store, _journals(settings, vault, has_key), clock)
    withdraw = Withdraw(store, gallery, clock, remember.catch_up)

    def afterwards() -> None:
        withdraw.traces_may_be_left()
        withdraw.scrub_what_is_left()
        remember.catch_up()

    erase_member = EraseMember(store, gallery, clock, afterwards)
    gate = Gate(store, doors, board, clock, chance, settings.inside_hours)
    pins, signatures = SealedPins(vault), P256()
    calibrate_site = CalibrateSite(store, pool, gallery, clock, chance)
    limits = Limits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))
    sessions, codes = Sessions(store, clock, chance, limits), TotpCodes()
    failed = FailedSignIns(store, clock)
    sign_in = SignIn(store, passwords, codes, vault, sessions, clock, settings.second_factor, failed)
    passkeys = Passkeys(
        store,
        WebAuthn(settings.base_url),
        sessions,
        clock,
        chance,
        settings.second_factor,
        failed,
    )
    audit_key, checkpoint_file = _audit_key(settings), CheckpointFile(settings.data / CHECKPOINTS)
    due = When(settings.audit_checkpoint_entries, timedelta(hours=settings.audit_checkpoint_hours))
    checkpoints = Checkpoints(store, audit_key, checkpoint_file, clock, due, _time_stamps(settings))
    answer_foi = AnswerFoi(store, clock, chance, bank_holidays, _voice(settings))
    return Site(
        settings=settings,
        clock=clock,
        chance=chance,
        passwords=passwords,
        store=store,
        contacts=contacts,
        vault=vault,
        pictures=PillowReader(),
        pool=pool,
        blind_because=blind_because,
        gallery=gallery,
        doors=doors,
        board=board,
        mail=mail,
        gate=gate,
        setup=setup,
        import_members=ImportMembers(store, contacts, clock, chance),
        membership=Membership(store, contacts, clock, chance),
        enrol=Enrol(
            store, vault, pool, gallery, clock, chance, invite, consenting, settings.enrolment_quality
        ),
        invite=invite,
        families=Families(
            store, clock, chance, mail, notices, withdraw, settings.base_url, ZoneInfo(settings.time_zone)
        ),
        waiting=Waiting(store, clock, may_enrol, withdraw, pool),
        may_enrol=may_enrol,
        notices=notices,
        withdraw=withdraw,
        erase_member=erase_member,
        remember_erasures=remember,
        expire=Expire(store, gallery, clock, erase_member, afterwards),
        make_backup=MakeBackup(
            store,
            SqlCopyOut(store),
            AgeSealer(),
            remember,
            clock,
            settings.backup_folder,
            settings.backup_recipients,
            settings.backup_keep,
            lambda: files_beside(settings),
            lambda folder, site: FileJournal(folder / JOURNAL, site, vault),
            stile.__version__,
        ),
        follow_changes=FollowChanges(store, vault, gallery, clock, withdraw.traces_may_be_left),
        calibrate_site=calibrate_site,
        admit_by_face=AdmitByFace(
            store, pool, gallery, gate, board, clock, chance, settings.lane_quality, calibrate_site.current
        ),
        admit_by_card=AdmitByCard(store, gate, clock),
        admit_by_pin=AdmitByPin(store, gate, pins, board, clock),
        admit_by_pass=AdmitByPass(store, gate, signatures, clock),
        alternative=Alternative(store, pins, signatures, clock, chance),
        waiting_times=WaitingTimes(store, clock),
        admit_by_hand=AdmitByHand(gate),
        leave=Leave(store),
        adjudicate=Adjudicate(store, clock, chance),
        sign_in=sign_in,
        sessions=sessions,
        accounts=Accounts(store, sessions, clock, chance),
        joining=Joining(store, passwords, passkeys, sessions, clock, settings.second_factor),
        own_account=OwnAccount(store, passwords, sessions, clock),
        passkeys=passkeys,
        second_factors=SecondFactors(
            store, codes, vault, sessions, clock, chance, settings.second_factor, cannot_seal
        ),
        known_browsers=KnownBrowsers(store, vault, chance),
        provider_sign_in=ProviderSignIn(
            store, _provider(settings), settings.oidc_roles, sessions, failed, clock, chance
        ),
        kiosks=Kiosks(store, clock, chance),
        tokens=Tokens(store, clock, chance),
        registering=Registering(store, clock, chance),
        answer_foi=answer_foi,
        foi_letters=FoiLetters(
            answer_foi,
            lambda: _sender(settings, store),
            lambda: tuple(settings.foi.contacts.values()),
            bank_holidays,
            clock,
        ),
        looked=Looked(store, clock),
        own_page=OwnPage(store, mail, clock, chance, settings.base_url),
        own_choices=OwnChoices(store, vault, gallery, clock, contacts),
        rights=RightsRequests(store, mail, clock, chance),
        my_data=my_data,
        export_person=ExportPerson(store, my_data, clock),
        checkpoints=checkpoints,
        read_audit=ReadAudit(store, clock),
        verify_audit=VerifyAudit(
            store,
            audit_key,
            checkpoint_file,
            Rfc3161(settings.time_stamp_url or "", settings.time_stamp_roots),
        ),
        export_audit=ExportAudit(store, checkpoints, clock),
    )


def _voice(settings: Settings) -> Voice:
    """How the organisation speaks of itself when it answers a request for information."""
    kind = settings.organisation
    who = settings.foi.who or ("the council" if kind is OrganisationKind.AUTHORITY else "the operator")
    return Voice(kind, who, settings.foi.contacts)


def _sender(settings: Settings, store: Store) -> Sender:
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
    )


def _details(settings: Settings) -> Details:
    """What the operator says of themselves in the notice."""
    return Details(
        address=settings.operator_address,
        officer=settings.data_protection_officer,
        contact=settings.privacy_contact,
        recipients=settings.notice_recipients,
        more=settings.notice_more,
    )


def _provider(settings: Settings) -> IdentityProvider | None:
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


def _mail(settings: Settings) -> SmtpMail:
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


def _journals(settings: Settings, vault: Vault, has_key: bool) -> Callable[[UUID], Sequence[FileJournal]]:
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


def _audit_key(settings: Settings) -> AuditKey:
    given = settings.audit_key
    return AuditKey(settings.data / "audit.key", given.get_secret_value() if given is not None else None)


def _time_stamps(settings: Settings) -> Rfc3161 | None:
    if settings.time_stamp_url is None:
        return None
    return Rfc3161(settings.time_stamp_url, settings.time_stamp_roots)


def _vault(settings: Settings, is_set_up: bool) -> tuple[Vault, str | None]:
    """The vault, and why nothing may be sealed with it. A key file is made for a new site only: for a site that is
    set up, a missing one is lost, and a second key beside sealed templates would hide that."""
    if settings.site_key is not None:
        return FileVault.from_base64(settings.site_key.get_secret_value()), None
    path = settings.data / "site.key"
    try:
        return FileVault.load(path) if is_set_up else FileVault.load_or_create(path), None
    except StileError as error:  # law 4: the card goes on
        return FileVault(secrets.token_bytes(32)), f"The site key is missing or not private. {error}"


def _eyes(settings: Settings) -> tuple[EyesPool | None, str | None]:
    try:
        return open_pool(settings.models_folder, settings.pack, settings.eyes), None
    except StileError as error:  # law 4: an altered file or an unknown pack must not take the card along
        return None, str(error)


def _gallery(store: Store, vault: Vault, pool: EyesPool) -> Gallery:
    gallery = open_gallery(pool.pack, pool.dimensions)
    with store.read() as work:
        gallery.load(
            (row.member, vault.open(row.member, key, row.sealed, row.pack))
            for row, key in work.templates.of_pack(pool.pack)
        )
    return gallery
