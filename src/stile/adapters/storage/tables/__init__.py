"""What is kept, and nothing else: a table missing here is data that Stile does not hold.

Law 1: there is no column for a picture, a probe or a score without a member.
Law 2: a template cannot be stored without naming its consent; the triggers of the migrations hold the rest.

The migrations build these tables; a test holds the two against each other on both databases.
"""

from stile.adapters.storage.tables.alternative import member_phone, member_pin, wait, way_link
from stile.adapters.storage.tables.assessment import assessment
from stile.adapters.storage.tables.audit import audit_checkpoint, audit_entry, audit_stamp
from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.tables.coming import member_import, member_staged, presence
from stile.adapters.storage.tables.consent import guardian, guardian_word, notice
from stile.adapters.storage.tables.devices import device, device_waiting
from stile.adapters.storage.tables.figures import enrolment_count, member_group, spot_check
from stile.adapters.storage.tables.foi import (
    foi_disclosed,
    foi_disclosed_paper,
    foi_let_through,
    foi_paper,
    foi_request,
    foi_version,
)
from stile.adapters.storage.tables.keeping import (
    erasure,
    lapsed,
    passage_count,
    retention_period,
    retention_permit,
    retention_run,
)
from stile.adapters.storage.tables.people import (
    consent,
    invitation,
    look_alike,
    member,
    member_card,
    member_key,
    template,
)
from stile.adapters.storage.tables.places import centre, lane, operator
from stile.adapters.storage.tables.records import adjudication, calibration, outbox, passage
from stile.adapters.storage.tables.register import register_entry, register_feed
from stile.adapters.storage.tables.rights import (
    face_restriction,
    own_link,
    own_session,
    rights_entry,
    rights_request,
)
from stile.adapters.storage.tables.staff import (
    staff,
    staff_code_generator,
    staff_link,
    staff_passkey,
    staff_recovery_code,
    staff_session,
)
from stile.adapters.storage.tables.tokens import api_token

__all__ = [
    "adjudication",
    "api_token",
    "assessment",
    "audit_checkpoint",
    "audit_entry",
    "audit_stamp",
    "calibration",
    "centre",
    "consent",
    "device",
    "device_waiting",
    "enrolment_count",
    "erasure",
    "face_restriction",
    "foi_disclosed",
    "foi_disclosed_paper",
    "foi_let_through",
    "foi_paper",
    "foi_request",
    "foi_version",
    "guardian",
    "guardian_word",
    "invitation",
    "lane",
    "lapsed",
    "look_alike",
    "member",
    "member_card",
    "member_group",
    "member_import",
    "member_key",
    "member_phone",
    "member_pin",
    "member_staged",
    "metadata",
    "notice",
    "operator",
    "outbox",
    "own_link",
    "own_session",
    "passage",
    "passage_count",
    "presence",
    "register_entry",
    "register_feed",
    "retention_period",
    "retention_permit",
    "retention_run",
    "rights_entry",
    "rights_request",
    "spot_check",
    "staff",
    "staff_code_generator",
    "staff_link",
    "staff_passkey",
    "staff_recovery_code",
    "staff_session",
    "template",
    "wait",
    "way_link",
]
