"""Settings in, an operator's site out. With `office` and `from_settings`, the only files that name adapters."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from stile.adapters.door import LaneDoors
from stile.adapters.gallery import open_gallery
from stile.adapters.noticeboard import InProcessNoticeboard
from stile.adapters.pins import SealedPins
from stile.adapters.signatures import P256
from stile.adapters.vision import open_pool
from stile.adapters.vision.pictures import PillowReader
from stile.application.adjudicate import Adjudicate
from stile.application.admit import AdmitByFace
from stile.application.admit_by_pass import AdmitByPass
from stile.application.admit_by_pin import AdmitByPin
from stile.application.admit_otherwise import AdmitByCard, AdmitByHand
from stile.application.alternative import Alternative
from stile.application.calibrate_site import CalibrateSite
from stile.application.consenting import Consenting
from stile.application.enrol import Enrol
from stile.application.erase_member import EraseMember
from stile.application.expire import Expire
from stile.application.family import Families
from stile.application.figures.spot_checks import SpotChecks
from stile.application.follow_changes import FollowChanges
from stile.application.gate import Gate
from stile.application.go_live import GoLive
from stile.application.import_members import ImportMembers
from stile.application.invite import Invite
from stile.application.leave import Leave
from stile.application.may_enrol import MayEnrol
from stile.application.membership import Membership
from stile.application.notice import Notices
from stile.application.publish import Publish
from stile.application.register.assessing import Assessing
from stile.application.register.configured import Configured, SetTo
from stile.application.register.registering import Registering
from stile.application.rights.export_person import ExportPerson
from stile.application.rights.my_data import MyData
from stile.application.rights.own_choices import OwnChoices
from stile.application.rights.own_group import OwnGroup
from stile.application.rights.own_page import OwnPage
from stile.application.rights.rights_requests import RightsRequests
from stile.application.staff.kiosks import Kiosks
from stile.application.staff.tokens import Tokens
from stile.application.thresholds import Thresholds
from stile.application.waiting import Waiting
from stile.application.waits import WaitingTimes
from stile.application.withdraw import Withdraw
from stile.config import Settings
from stile.domain.children import Rules
from stile.domain.errors import CannotDecrypt, NotConfigured, StileError
from stile.domain.notice import IN_WORDS, OFFERED, Details
from stile.domain.register import OrganisationKind
from stile.domain.sessions import SecondFactor
from stile.from_settings import publisher
from stile.office import NOT_HERE, Office, open_office
from stile.ports import (
    Clock,
    Doors,
    EyesPool,
    Gallery,
    Mail,
    Noticeboard,
    PictureReader,
    Store,
    Vault,
)


@dataclass(frozen=True, slots=True)
class Site(Office):
    """One running Stile of an operator. `pool` and `gallery` are None where nothing can see: the card works all the
    same."""

    pictures: PictureReader
    pool: EyesPool | None
    blind_because: str | None
    gallery: Gallery | None
    doors: Doors
    board: Noticeboard
    gate: Gate
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
    follow_changes: FollowChanges
    calibrate_site: CalibrateSite
    go_live: GoLive
    admit_by_face: AdmitByFace
    admit_by_card: AdmitByCard
    admit_by_pin: AdmitByPin
    admit_by_pass: AdmitByPass
    alternative: Alternative
    waiting_times: WaitingTimes
    admit_by_hand: AdmitByHand
    leave: Leave
    adjudicate: Adjudicate
    spot_checks: SpotChecks
    kiosks: Kiosks
    tokens: Tokens
    own_page: OwnPage
    own_choices: OwnChoices
    own_group: OwnGroup
    rights: RightsRequests
    my_data: MyData
    export_person: ExportPerson

    @property
    def has_lanes(self) -> bool:
        return True

    @property
    def sees(self) -> bool:
        return self.pool is not None


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
    if settings.organisation is OrganisationKind.AUTHORITY:
        raise NotConfigured(NOT_HERE)
    office = open_office(settings, clock=clock, mail=mail)
    clock, chance, store, vault = office.clock, office.chance, office.store, office.vault
    mail, contacts, remember = office.mail, office.contacts, office.remember_erasures
    board, doors = InProcessNoticeboard(), doors or LaneDoors(clock, settings.door_seconds)
    blind_because = office.cannot_seal
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
    my_data = MyData(store, pool, clock, settings.privacy_contact)
    notices = Notices(store, clock, _details(settings))
    may_enrol = MayEnrol(
        store, clock, Rules(settings.children, settings.children_guardian, settings.adults_only)
    )
    go_live, zone = GoLive(store, clock), ZoneInfo(settings.time_zone)
    invite = Invite(store, clock, chance, mail, may_enrol, go_live, settings.base_url, zone)
    consenting = Consenting(store, gallery, clock, chance, may_enrol, OFFERED)
    withdraw = Withdraw(store, gallery, clock, remember.catch_up)

    def afterwards() -> None:
        withdraw.traces_may_be_left()
        withdraw.scrub_what_is_left()
        remember.catch_up()

    erase_member = EraseMember(store, gallery, clock, afterwards)
    adjudicate = Adjudicate(store, clock, chance)
    spot_checks = SpotChecks(store, clock, chance, adjudicate, settings.spot_check_every)
    gate = Gate(store, doors, board, clock, chance, settings.inside_hours, spot_checks.draw)
    pins, signatures = SealedPins(vault), P256()
    calibrate_site = CalibrateSite(store, pool, gallery, clock, chance)
    registering = Registering(store, clock, chance, go_live.look_again)
    thresholds = Thresholds(pool, gallery, calibrate_site.current)
    configured = Configured(store, pool, thresholds, notices, _set_to(settings))
    shared = office.shared()
    shared |= {
        "expire": Expire(store, gallery, clock, erase_member, afterwards),
        "registering": registering,
        "assessing": Assessing(store, clock, registering, configured.of),
        "publish": Publish(
            store,
            clock,
            office.checkpoints,
            lambda: publisher(settings, store),
            settings.foi.contacts,
            notices.current,
            tuple(IN_WORDS[one] for one in OFFERED),
            office.tell_figures,
            office.measure_period.every_month,
            office.measure_period.groups,
            office.foi_statistics.published,
        ),
    }
    return Site(
        **shared,
        pictures=PillowReader(),
        pool=pool,
        blind_because=blind_because,
        gallery=gallery,
        doors=doors,
        board=board,
        gate=gate,
        import_members=ImportMembers(store, contacts, clock, chance),
        membership=Membership(store, contacts, clock, chance),
        enrol=Enrol(
            store,
            vault,
            pool,
            gallery,
            clock,
            chance,
            invite,
            consenting,
            go_live,
            settings.enrolment_quality,
        ),
        invite=invite,
        families=Families(store, clock, chance, mail, notices, withdraw, settings.base_url, zone),
        waiting=Waiting(store, clock, may_enrol, withdraw, pool),
        may_enrol=may_enrol,
        notices=notices,
        withdraw=withdraw,
        erase_member=erase_member,
        follow_changes=FollowChanges(store, vault, gallery, clock, withdraw.traces_may_be_left, go_live),
        calibrate_site=calibrate_site,
        go_live=go_live,
        admit_by_face=AdmitByFace(
            store,
            pool,
            gallery,
            gate,
            board,
            clock,
            chance,
            go_live,
            settings.lane_quality,
            calibrate_site.current,
        ),
        admit_by_card=AdmitByCard(store, gate, clock),
        admit_by_pin=AdmitByPin(store, gate, pins, board, clock),
        admit_by_pass=AdmitByPass(store, gate, signatures, clock),
        alternative=Alternative(store, pins, signatures, clock, chance),
        waiting_times=WaitingTimes(store, clock),
        admit_by_hand=AdmitByHand(gate),
        leave=Leave(store),
        adjudicate=adjudicate,
        spot_checks=spot_checks,
        kiosks=Kiosks(store, clock, chance),
        tokens=Tokens(store, clock, chance),
        own_page=OwnPage(store, mail, clock, chance, settings.base_url),
        own_group=OwnGroup(store, clock, settings.figure_groups),
        own_choices=OwnChoices(store, vault, gallery, clock, contacts),
        rights=RightsRequests(store, mail, clock, chance),
        my_data=my_data,
        export_person=ExportPerson(store, my_data, clock),
    )


def _set_to(settings: Settings) -> SetTo:
    """What papers about the processing say of the settings."""
    return SetTo(
        _details(settings),
        settings.children,
        settings.backup_folder is not None and bool(settings.backup_recipients),
        settings.secure,
        settings.second_factor is SecondFactor.REQUIRED,
        settings.spot_check_every,
        settings.figure_groups,
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
