"""One tree of errors. Each message is one line that a person can act on; none carries personal data.

StileError
├── WrongValue            a value that cannot exist (raised at construction)
├── Lacking               a form that lacks something, said beside each field
├── BadPicture            the bytes are not a picture that can be looked at
├── BadModel              a model file that is missing, altered or of the wrong shape
├── NotFound              the thing named does not exist
├── Conflict              the thing exists already, or changed meanwhile
├── NotAllowed            the law or the rights of the caller forbid it
│   ├── NoLiveConsent     law 2: no template without consent
│   └── AlreadyEnrolled   the face is enrolled under another member
├── CannotRecord          law 6: the record could not be made durable, so nothing was done
├── CannotDecrypt         the key is gone or wrong
├── DoorFault             the door did not confirm
├── CannotSend            the mail server did not take the letter
├── CannotRead            what another organisation publishes could not be read
└── NotConfigured         a setting or a package is missing; the message says which and what to do
"""


class StileError(Exception):
    """Root of every error that Stile raises on purpose. `str(error)` is one line, fit to show."""


class WrongValue(StileError, ValueError):
    """A value that cannot exist: the message says what was expected and what was given."""


class Lacking(StileError):
    """What a form lacks, by the names of its fields."""

    def __init__(self, told: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(told)
        self.fields = dict(fields or {})


class BadPicture(StileError):
    """The bytes are not a picture that can be looked at."""


class BadModel(StileError):
    """A model file is missing, truncated, altered, or does not keep its input contract."""


class NotFound(StileError):
    """The thing named does not exist."""


class Conflict(StileError):
    """The thing exists already, or somebody changed it meanwhile."""


class NotAllowed(StileError):
    """The law or the caller's rights forbid it."""


class NoLiveConsent(NotAllowed):
    """Law 2: a template exists only under a live, versioned, explicit consent."""


class AlreadyEnrolled(NotAllowed):
    """The face is enrolled under another member. Names nobody: the caller learns only that it is so."""


class CannotRecord(StileError):
    """Law 6: the record could not be made durable, so nothing was done."""


class CannotDecrypt(StileError):
    """The key is gone, or it is not the key these bytes were sealed with."""


class DoorFault(StileError):
    """The door did not confirm what it was told."""


class CannotSend(StileError):
    """The mail server did not take the letter. Says why, and neither to whom nor what."""


class CannotRead(StileError):
    """What another organisation publishes could not be read. Says why, in one line."""


class NotConfigured(StileError):
    """A setting or a package is missing. The message says which, and what to do."""
