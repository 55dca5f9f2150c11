"""The words a member is shown before consenting, in plain English.

UK GDPR Arts. 7, 9(2)(a), 13. A change of words must change VERSION: a test holds the two together.
"""

from stile.domain.consent import Notice
from stile.domain.places import PURPOSE

VERSION = "2026-11-25.2"

WORDS = """\
# Coming in by face

{operator} asks your permission to recognise your face at the entrance, {purpose}. It is your choice. You can \
say no, or change your mind later, and nothing else about your membership changes.

## You can always use your card instead
Your card opens the same door, at the same hours, just as fast. You need no reason to prefer it.

## What we do
We take three to five pictures of your face and turn them into a list of numbers, called a template. The pictures \
are then thrown away. We keep the template, locked with a key that belongs only to you. When you ask to come in by \
face, the camera looks for a few seconds and compares what it sees with the members who agreed to this. It also looks \
whether a real person stands there, and may ask you to turn your head. Nothing that the camera sees is kept.

From time to time the templates of all members who agreed are compared with each other. This tells us how alike two \
people can be, and so how careful the lane must be. If somebody looks so much like you that the lane could mix you up, \
we note that the two of you are asked for the card, and forget it when either template goes.

## What we do not do
We do not use your face for anything else: not for advertising, not to watch you, not for staff. We do not share \
your template with anybody. The camera does not look until you ask it to: by touching the screen or, at an entrance \
with a mark to stand on, by standing there.

## The law
{operator} is the controller of your data. We rely on your explicit consent (UK GDPR Articles 6(1)(a) and 9(2)(a)). \
We keep your template until you withdraw your consent or ask us to erase it, and a record of when you came in.

## Your rights
You may ask to see what we hold, have it corrected or erased, and withdraw your consent at any time at reception. \
Your template and its key are then destroyed at once.

Contact for data protection: {contact}.
You may complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113.
"""


def notice(operator: str, contact: str | None) -> Notice:
    """The notice of this operator, exactly as it is shown and hashed."""
    words = WORDS.format(operator=operator, purpose=PURPOSE, contact=contact or "please ask at reception")
    return Notice(VERSION, words)
