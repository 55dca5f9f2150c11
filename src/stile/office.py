"""What both kinds of organisation have: an operator, and an authority that runs no lane. No face is seen in here.

With `bootstrap`, which adds whatever an operator's lanes need, and `from_settings`, the only files that name concrete
adapters. An authority opens nothing else: neither what sees nor what searches is even imported
(`tests/laws/test_authority.py`).
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import stile
from stile import from_settings as made
from stile.adapters.bank_holidays import bank_holidays
from stile.adapters.checkpoint_file import CheckpointFile
from stile.adapters.clock import SystemChance, SystemClock
from stile.adapters.contacts import RealContacts
from stile.adapters.documents.papers.apart import PaperReaderApart
from stile.adapters.feeds import HttpFeedReader
from stile.adapters.journal import JOURNAL, FileJournal
from stile.adapters.one_time_codes import TotpCodes
from stile.adapters.passkeys import WebAuthn
from stile.adapters.passwords import Argon2Passwords
from stile.adapters.sealed_file import AgeSealer
from stile.adapters.storage import open_store
from stile.adapters.storage.copies import SqlCopyOut
from stile.adapters.time_stamps import Rfc3161
from stile.application.answer_foi import AnswerFoi
from stile.application.audit.checkpoints import Checkpoints, When
from stile.application.audit.export_audit import ExportAudit
from stile.application.audit.looked import Looked
from stile.application.audit.read_audit import ReadAudit
from stile.application.audit.verify_audit import VerifyAudit
from stile.application.backup import MakeBackup
from stile.application.expire import Expire
from stile.application.figures.measure_period import MeasurePeriod
from stile.application.figures.tell_figures import TellFigures
from stile.application.foi.by_email import FoiEmail
from stile.application.foi.counting import FoiStatistics
from stile.application.foi.disclosing import Disclosing
from stile.application.foi.gate import FoiGate
from stile.application.foi.intake import FoiIntake
from stile.application.foi.letters import FoiLetters
from stile.application.foi.papers import FoiPapers
from stile.application.foi.steps import FoiSteps
from stile.application.publish import Publish
from stile.application.register.assessing import Assessing
from stile.application.register.processing import Processing
from stile.application.register.registering import Registering
from stile.application.register.subscribing import Subscribing
from stile.application.remember_erasures import RememberErasures
from stile.application.setup import Setup
from stile.application.staff.accounts import Accounts
from stile.application.staff.failed_sign_ins import FailedSignIns
from stile.application.staff.joining import Joining
from stile.application.staff.known_browsers import KnownBrowsers
from stile.application.staff.own_account import OwnAccount
from stile.application.staff.passkeys import Passkeys
from stile.application.staff.provider_sign_in import ProviderSignIn
from stile.application.staff.second_factor import SecondFactors
from stile.application.staff.sessions import Sessions
from stile.application.staff.signing_in import SignIn
from stile.config import Settings
from stile.domain.errors import NotConfigured
from stile.domain.sessions import Limits
from stile.ports import (
    Chance,
    Clock,
    Contacts,
    Mail,
    Passwords,
    Store,
    Vault,
)

NOT_HERE = "This is an authority: it has no lanes and no members, and nothing that sees faces."


@dataclass(frozen=True, slots=True)
class Office:
    """Store, staff, audit log, register and requests for information. `cannot_seal`: why nothing may be sealed with the
    site key, or None. `remember_erasures`, `expire` and `make_backup` keep what there is, whichever it is."""

    settings: Settings
    clock: Clock
    chance: Chance
    passwords: Passwords
    store: Store
    contacts: Contacts
    vault: Vault
    cannot_seal: str | None
    mail: Mail
    setup: Setup
    remember_erasures: RememberErasures
    expire: Expire
    make_backup: MakeBackup
    sign_in: SignIn
    sessions: Sessions
    accounts: Accounts
    joining: Joining
    own_account: OwnAccount
    passkeys: Passkeys
    second_factors: SecondFactors
    known_browsers: KnownBrowsers
    provider_sign_in: ProviderSignIn
    registering: Registering
    subscribing: Subscribing
    assessing: Assessing
    processing: Processing
    publish: Publish
    measure_period: MeasurePeriod
    tell_figures: TellFigures
    answer_foi: AnswerFoi
    foi_letters: FoiLetters
    foi_gate: FoiGate
    foi_papers: FoiPapers
    foi_email: FoiEmail
    foi_statistics: FoiStatistics
    disclosing: Disclosing
    foi_steps: FoiSteps
    foi_intake: FoiIntake
    looked: Looked
    checkpoints: Checkpoints
    read_audit: ReadAudit
    verify_audit: VerifyAudit
    export_audit: ExportAudit

    @property
    def has_lanes(self) -> bool:
        """Whether it is an operator's, with lanes and members."""
        return False

    @property
    def sees(self) -> bool:
        """Whether a model pack is loaded."""
        return False

    def close(self) -> None:
        self.store.close()

    def shared(self) -> dict[str, Any]:
        """Everything in it by name, for whoever builds on it."""
        return {field.name: getattr(self, field.name) for field in fields(Office)}


def open_office(settings: Settings, *, clock: Clock | None = None, mail: Mail | None = None) -> Office:
    """Opens the store and what both kinds have. `clock` and `mail` take the place of the real ones, for tests."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The data folder {settings.data} cannot be made: {error.strerror}.") from None
    clock, chance, passwords = (
        clock or SystemClock(ZoneInfo(settings.time_zone)),
        SystemChance(),
        Argon2Passwords(),
    )
    store = open_store(settings.database or settings.data / "stile.db", new_id=chance.new_id, now=clock.now)
    setup = Setup(store, passwords, clock, chance)
    whose = setup.whose()
    if whose is not None and whose.kind is not settings.organisation:
        store.close()
        raise NotConfigured(
            f'{settings.data} was set up as an {whose.kind}: set `organisation = "{whose.kind}"` in stile.toml.'
        )
    vault, cannot_seal = made.vault_of(settings, whose is not None)
    remember = RememberErasures(store, made.journals(settings, vault, cannot_seal is None), clock)
    limits = Limits(
        timedelta(minutes=settings.session_idle_minutes),
        timedelta(hours=settings.session_hours),
        timedelta(minutes=settings.oidc_again_minutes),
    )
    sessions, codes = Sessions(store, clock, chance, limits), TotpCodes()
    failed = FailedSignIns(store, clock)
    passkeys = Passkeys(
        store,
        WebAuthn(settings.base_url),
        sessions,
        clock,
        chance,
        settings.second_factor,
        failed,
    )
    audit_key, checkpoint_file = made.audit_key_of(settings), CheckpointFile(settings.data / made.CHECKPOINTS)
    due = When(settings.audit_checkpoint_entries, timedelta(hours=settings.audit_checkpoint_hours))
    checkpoints = Checkpoints(store, audit_key, checkpoint_file, clock, due, made.time_stamps(settings))
    mail = mail or made.mail_server(settings)
    measure_period = MeasurePeriod(store, clock, ZoneInfo(settings.time_zone), settings.figure_groups)
    tell_figures = TellFigures(measure_period)
    answer_foi = AnswerFoi(store, clock, chance, bank_holidays, made.voice(settings), tell_figures)
    foi_statistics = FoiStatistics(store, clock, bank_holidays)
    foi_gate = FoiGate(store, clock, lambda: made.may_be_given(settings))
    foi_letters = FoiLetters(
        answer_foi,
        lambda: made.sender(settings, store),
        foi_gate,
        bank_holidays,
        clock,
    )
    registering = Registering(store, clock, chance)
    return Office(
        settings=settings,
        clock=clock,
        chance=chance,
        passwords=passwords,
        store=store,
        contacts=RealContacts(settings.country),
        vault=vault,
        cannot_seal=cannot_seal,
        mail=mail,
        setup=setup,
        remember_erasures=remember,
        expire=Expire(store, None, clock, None, remember.catch_up),
        make_backup=MakeBackup(
            store,
            SqlCopyOut(store),
            AgeSealer(),
            remember,
            clock,
            settings.backup_folder,
            settings.backup_recipients,
            settings.backup_keep,
            lambda: made.files_beside(settings),
            lambda folder, site: FileJournal(folder / JOURNAL, site, vault),
            stile.__version__,
        ),
        sign_in=SignIn(store, passwords, codes, vault, sessions, clock, settings.second_factor, failed),
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
            store, made.provider(settings), settings.oidc_roles, sessions, failed, clock, chance
        ),
        registering=registering,
        subscribing=Subscribing(
            store, clock, chance, HttpFeedReader(settings.feeds_inside), settings.organisation
        ),
        assessing=Assessing(store, clock, registering),
        processing=Processing(store, clock, made.particulars(settings)),
        measure_period=measure_period,
        tell_figures=tell_figures,
        publish=Publish(
            store,
            clock,
            checkpoints,
            lambda: made.publisher(settings, store),
            settings.foi.contacts,
            handled=foi_statistics.published,
        ),
        answer_foi=answer_foi,
        foi_letters=foi_letters,
        foi_gate=foi_gate,
        foi_email=FoiEmail(store, clock, foi_letters, made.email_file),
        foi_statistics=foi_statistics,
        disclosing=Disclosing(store, clock, foi_gate),
        foi_papers=FoiPapers(store, clock, chance, PaperReaderApart(), lambda: made.may_be_given(settings)),
        foi_steps=FoiSteps(
            store,
            clock,
            mail,
            answer_foi,
            foi_letters,
            lambda: made.sender(settings, store),
            settings.foi.second_person,
        ),
        foi_intake=FoiIntake(answer_foi, clock),
        looked=Looked(store, clock),
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
