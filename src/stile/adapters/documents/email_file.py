"""An answer as an e-mail that is ready to send (RFC 5322): whoever opens the file sees it as a draft of their own,
reads it once more, and sends it from the organisation's mailbox.
"""

from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from stile.adapters.documents.letter_html import pdf
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.letter import FoiLetter
from stile.domain.foi_desk.papers import Paper
from stile.domain.foi_desk.sentences import day


def eml(letter: FoiLetter, to: str, papers: Sequence[tuple[Paper, bytes]]) -> bytes:
    """The letter in words and as a tagged PDF, and the papers. `to`: one address. Raises WrongValue for one that mail
    cannot go to; NotConfigured where no PDF can be made."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"  # mail programs open it as a draft
    message["Subject"] = f"Your request for information, our reference {letter.ref}"
    try:
        message["To"] = Address(" ".join(letter.to.split()), addr_spec=to.strip())
        if letter.sender.email:
            message["From"] = Address(
                f"{letter.sender.team}, {letter.sender.name}", addr_spec=letter.sender.email
            )
    except (MessageError, ValueError, IndexError, AttributeError):  # as the standard library trips
        raise WrongValue("The requester’s address is not one that mail can go to.") from None
    message.set_content(words(letter, [paper.name for paper, _ in papers]))
    message.add_attachment(pdf(letter), "application", "pdf", filename=f"{_named(letter.ref)}.pdf")
    for paper, content in papers:
        kind, _, detail = paper.media.partition("/")
        message.add_attachment(content, kind, detail, filename=paper.name)
    return message.as_bytes()


def words(letter: FoiLetter, papers: Sequence[str]) -> str:
    """The whole letter in plain words: nobody has to open a file to read an answer."""
    lines = [f"Dear {letter.to or 'Sir or Madam'},", ""]
    for part in letter.parts:
        lines += [part.title.upper(), "", *(line for text in part.lines for line in (text, ""))]
    if papers:
        lines += ["ATTACHED", "", *papers, ""]
    lines += [
        f"Yours {'sincerely' if letter.to else 'faithfully'},",
        letter.sender.team,
        letter.sender.name,
        day(letter.on),
        f"Our reference: {letter.ref}",
    ]
    return "\n".join(lines) + "\n"


def _named(ref: str) -> str:
    return "".join(one if one.isalnum() or one in "-_." else "-" for one in ref)
