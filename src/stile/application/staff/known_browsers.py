"""A browser that somebody signed in with before is not locked out by strangers who type wrong passwords under that
name: it has a count of its own. Its mark is sealed under the site key and bound to the account, so nobody makes one up.

Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

import base64
import binascii

from stile.domain.access import Staff
from stile.domain.errors import CannotDecrypt
from stile.domain.ids import StaffId
from stile.ports import Chance, Store, Vault

KIND = "browser"
LONGEST = 400


class KnownBrowsers:
    def __init__(self, store: Store, vault: Vault, chance: Chance) -> None:
        self._store, self._vault, self._chance = store, vault, chance

    def mark(self, staff: StaffId) -> str:
        """For the browser's cookie. Says who signed in there to nobody but us."""
        sealed = self._vault.seal_secret(KIND, staff, self._chance.secret().encode())
        return base64.urlsafe_b64encode(sealed).decode()

    def recognise(self, name: str, mark: str | None) -> str | None:
        """What this browser is counted under, when it was marked for the account of this name."""
        if not mark or len(mark) > LONGEST:
            return None
        with self._store.read() as work:
            staff: Staff | None = work.staff.by_name(name.strip())
        if staff is None:
            return None
        try:
            sealed = base64.urlsafe_b64decode(mark.encode("ascii"))
            return self._vault.open_secret(KIND, staff.id, sealed).decode()
        except (CannotDecrypt, binascii.Error, ValueError):
            return None
