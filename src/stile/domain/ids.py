"""Typed identifiers. All are UUIDv7 (RFC 9562): made anywhere, ordered by time, never re-used."""

from typing import NewType
from uuid import UUID

OperatorId = NewType("OperatorId", UUID)
CentreId = NewType("CentreId", UUID)
LaneId = NewType("LaneId", UUID)
MemberId = NewType("MemberId", UUID)
ConsentId = NewType("ConsentId", UUID)
PassageId = NewType("PassageId", UUID)
StaffId = NewType("StaffId", UUID)
DeviceId = NewType("DeviceId", UUID)
GuardianId = NewType("GuardianId", UUID)
WordId = NewType("WordId", UUID)
InvitationId = NewType("InvitationId", UUID)
CalibrationId = NewType("CalibrationId", UUID)
AdjudicationId = NewType("AdjudicationId", UUID)
TokenId = NewType("TokenId", UUID)
EntryId = NewType("EntryId", UUID)
FoiRequestId = NewType("FoiRequestId", UUID)
PaperId = NewType("PaperId", UUID)
PasskeyId = NewType("PasskeyId", UUID)
RequestId = NewType("RequestId", UUID)
LinkId = NewType("LinkId", UUID)

PackId = NewType("PackId", str)
"""Name of a model pack. Vectors of two packs are never compared."""
