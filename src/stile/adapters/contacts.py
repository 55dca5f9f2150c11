"""Addresses and telephone numbers, by `email-validator` and `phonenumbers` (Google's libphonenumber)."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from stile.domain.errors import WrongValue

NO_EMAIL = "expected an e-mail address like name@example.org"
NO_PHONE = "expected a telephone number, like 020 7946 0000 or +44 20 7946 0000"


class RealContacts:
    """Implements the port `Contacts`. `region`: the centre's country, ISO 3166."""

    def __init__(self, region: str = "GB") -> None:
        self._region = region

    def email(self, text: str) -> str:
        try:
            # test_environment: .test addresses are how a trial is run; nothing is sent that anybody else could read.
            checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise WrongValue(NO_EMAIL) from None
        return checked.normalized

    def phone(self, text: str) -> str:
        try:
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException:
            raise WrongValue(NO_PHONE) from None
        if not phonenumbers.is_possible_number(number):
            raise WrongValue(NO_PHONE)
        # An extension is no part of E.164, and nobody can be sent anything there.
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
