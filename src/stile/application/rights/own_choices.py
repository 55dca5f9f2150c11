"""What a member may do on their own page by themselves: correct their contact, choose what they are written to about,
and say that their template is kept but not used (UK GDPR Arts. 16, 18, 21(2); PECR reg. 22).

Name and date of birth decide what a membership costs and who may consent: they are corrected by staff, on request.
"""

from dataclasses import replace

from stile.application.rights import old_mailbox
from stile.domain.audit import Event
from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.ports import Clock, Contacts, Gallery, Store, Vault

HERE = "own page"


class OwnChoices:
    def __init__(
        self,
        store: Store,
        vault: Vault,
        gallery: Gallery | None,
        clock: Clock,
        contacts: Contacts,
    ) -> None:
        self._store, self._vault, self._gallery, self._clock = store, vault, gallery, clock
        self._contacts = contacts

    def correct_contact(self, id: MemberId, email: str, phone: str) -> Member:
        """Raises WrongValue for what is no address or number. An empty one is taken away."""
        kept_email = self._contacts.email(email) if email.strip() else None
        kept_phone = self._contacts.phone(phone) if phone.strip() else None
        with self._store.begin() as work:
            member = work.members.get(id)
            if member is None:
                raise NotFound("There is no such member.")
            changed = replace(member, email=kept_email, phone=kept_phone)
            if changed == member:
                return member
            work.members.save(changed)
            what = [
                name
                for name, old, new in (
                    ("email", member.email, kept_email),
                    ("phone", member.phone, kept_phone),
                )
                if old != new
            ]
            if member.email != kept_email:
                old_mailbox.close(work, id, self._clock.now())
            work.audit.append(
                self._clock.now(),
                Event.MEMBER_CHANGED,
                str(id),
                str(id),
                {"fields": ",".join(what), "how": HERE},
            )
            work.commit()
        return replace(changed, version=member.version + 1)

    def choose_marketing(self, id: MemberId, yes: bool) -> None:
        """Only their yes turns it on; a no is kept, with its time, so that no import can turn it on again unseen."""
        now = self._clock.now()
        with self._store.begin() as work:
            member = work.members.get(id)
            if member is None:
                raise NotFound("There is no such member.")
            if member.marketing == yes and member.marketing_how is not None:
                return
            work.members.save(replace(member, marketing=yes, marketing_at=now, marketing_how=HERE))
            work.audit.append(now, Event.MEMBER_CHANGED, str(id), str(id), {"marketing": yes, "how": HERE})
            work.commit()

    def restrict(self, id: MemberId, actor: str) -> None:
        """The template is kept and not used, anywhere, until the member lifts it. The card goes on working."""
        now = self._clock.now()
        with self._store.begin() as work:
            if work.restrictions.add(id, now):
                work.audit.append(now, Event.FACE_RESTRICTED, actor, str(id))
                work.commit()
        if self._gallery is not None:
            self._gallery.remove(id)

    def lift(self, id: MemberId, actor: str) -> None:
        """By the member, or by staff at their word."""
        with self._store.begin() as work:
            if not work.restrictions.lift(id):
                return
            work.audit.append(self._clock.now(), Event.RESTRICTION_LIFTED, actor, str(id))
            work.commit()
        if self._gallery is None:
            return
        with self._store.read() as work:
            found = work.templates.of_member(id, self._gallery.pack)
        if found is not None:
            row, key = found
            self._gallery.put(id, self._vault.open(id, key, row.sealed, row.pack))
            with self._store.read() as work:
                gone = work.templates.of_member(id, self._gallery.pack) is None
            if gone:  # withdrawn between the two; without this line the template would stay in memory
                self._gallery.remove(id)
