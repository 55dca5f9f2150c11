"""The words of the notices. A change here is a new version (`stile.domain.notice.VERSION`); a test pins their digest.

`{purpose}` is fixed in `stile.domain.places`. The alternative stands before everything that a member agrees to.
"""

from collections.abc import Mapping

from stile.domain.consent import Audience

_ADULT = """\
# Coming in by face

{operator} asks your permission to recognise your face at the entrance, {purpose}. It is your choice. You can say \
no, or change your mind later, and nothing else about your membership changes.

## You can always use your card instead
Each of these opens the same door, at the same hours, just as fast: {instead}. You need no reason to prefer it.

## What we do
We take three to five pictures of your face and turn them into a list of numbers, called a template. The pictures \
are then thrown away. The template is compared once with those of the other members, so that nobody enrols as \
somebody else. We keep it, locked with a key that belongs only to you. When you ask to come in by face, the camera \
looks for a few seconds and compares what it sees with the members who agreed to this. It also looks whether a \
real person stands there, and may ask you to turn your head. Nothing that the camera sees is kept. If the camera \
is not sure, you are asked for your card; nothing else is decided by it.

From time to time the templates of all members who agreed are compared with each other. This tells us how alike \
two people can be, and so how careful the lane must be. If somebody looks so much like you that the lane could mix \
you up, we note that the two of you are asked for the card, and forget it when either template goes.

## What we do not do
We do not use your face for anything else: not for advertising, not to watch you, not for staff. Nobody is \
recognised until they ask to come in: by touching the screen, by giving their number or, at an entrance with a mark \
to stand on, by standing there. At such an entrance the camera sees who passes by as well; they are compared with \
nobody, and nothing of it is kept.

## Who is responsible
{operator}{where} is the controller of your data. {officer}

## The law
For your face we rely on your explicit consent (UK GDPR Articles 6(1)(a) and 9(2)(a)). Nothing obliges you to give \
it. That we record when you came in, by whichever way, rests on your membership and on our interest in a safe \
entrance (Article 6(1)(b) and (f)).

## Who gets it
We share your template with nobody. A company that runs our computers for us may hold it in its locked form, and \
only does with it what we say. It leaves the United Kingdom only where we say so here.{recipients}

Our staff see that you agreed, and when and how you came in. Nobody sees the template. Whenever one of them opens what \
we hold about you, it is written down, and you can read that on your own page.

## How long
We keep your template until you withdraw your consent or ask us to erase it, and at most {template_days} days \
after your membership has ended; longer only while you had us set it aside, or while something that you asked of us \
is open. Our backups do not hold it. We keep a record of when and how you came in, and how alike the comparison \
found you, for {passage_days} days.

That you agreed, and to which words, we keep for {consents} after you withdraw, so that we can show it. With \
everything else about your membership it goes {members} after that has ended, if this is sooner. A log of what was \
done stays. It knows you by an id only, which by then leads to nobody.

## Your rights
You may ask to see what we hold and take it with you, have it corrected or erased, and have its use limited or \
object to it. You may withdraw your consent at any time: on your own page, or at reception. Your template and its \
key are then destroyed at once, and your card goes on working.

You may complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113.
"""

_TEENAGER = """\
# Coming in by face

{operator} would like to recognise your face at the entrance, {purpose}. You decide. If you say no, or change your \
mind later, nobody minds and nothing else changes.

## You can always use your card instead
Each of these opens the same door, just as fast: {instead}.

## What happens
We take three to five pictures of your face. The computer turns them into a list of numbers, called a template, \
and throws the pictures away. It looks once whether another member has the same face, so that nobody pretends to \
be you. The template is locked, and only opens for you. When you ask to come in by face, the camera looks for a \
few seconds and compares. It also checks that a real person stands there, and may ask you to turn your head. \
Nobody is recognised before they ask, and what the camera sees is not kept. Sometimes all templates are compared \
with each other, to see how careful the computer must be. If somebody looks very much like you, it asks both of \
you for the card.

## What we do not do
We do not use your face for anything else, and not to watch you. Our staff can see when you came in, as they can \
when you use a card. Each time one of them opens what we hold about you it is written down, and you can read that.

## Who is responsible
{operator}{where} is the controller of your data: it answers for it. You can ask it about this. {officer}

## The law
We may only do this because you say yes: your explicit consent (UK GDPR Articles 6(1)(a) and 9(2)(a)). At some \
centres a parent is asked as well. If you come with a school or college, your parents are always asked. If you or one \
of them says no, we do not do it. That we write down when you came in belongs to your membership (Article 6(1)(b) and \
(f)).

## Who gets it
We share your template with nobody. A company that runs our computers may hold it locked. It leaves the \
United Kingdom only where we say so here.{recipients}

## How long
We keep your template until you say stop, and at most {template_days} days after your membership has ended; longer \
only while you had us set it aside, or while something that you asked of us is open. We keep a record of when you \
came in, and how alike the comparison found you, for {passage_days} days. That you said yes, and to what, we keep \
for {consents} after you say stop, to be able to show it. All of it goes {members} after your membership has ended, \
if this is sooner. A log of what was done stays, and by then nothing says that it was you.

## Your rights
You can see what we hold and take it with you, have it corrected or erased, object, and ask us to limit what we do \
with it. You can withdraw your consent at any time, on your own page or at reception: just say so. The template is \
then destroyed at once.

You can complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113. A \
parent, or another adult whom you trust, can help you with all of this.
"""

_CHILD = """\
# Coming in by face

{operator} can let you in when a camera sees your face. We do this only {purpose}. Your parent has said that it is \
all right. Now it is your turn: you may say yes or no.

## You can always use your card instead
The door opens just the same, with: {instead}. Nobody will ask you why.

## What happens
We take a few pictures of your face. A computer makes numbers of them, and throws the pictures away. The numbers \
are locked up. When you want to come in, you ask the camera to look.

## What we promise
We use your face for the door and for nothing else. {operator} is in charge of your data. Your template, that is \
the numbers, is kept until you or your parent say stop, or until you do not come here any more. We write down when \
you come in.

## If you do not like it
You can say no now. You can change your mind any day: tell us, or tell your parent. Then we throw the numbers away.
"""

_PARENT = """\
# Your child and coming in by face

{operator} asks your permission to recognise your child's face at the entrance, {purpose}. It is your choice and \
your child's. If either of you says no, or you change your mind later, nothing else about the membership changes.

## You can always use the card instead
Each of these opens the same door for your child, at the same hours, just as fast: {instead}.

## What we do
We take three to five pictures of your child's face and turn them into a list of numbers, called a template. The \
pictures are then thrown away. The template is compared once with those of the other members, so that nobody \
enrols as somebody else. We keep it, locked with a key that belongs only to your child. When your child asks to \
come in by face, the camera looks for a few seconds and compares what it sees with the members who agreed to this. \
It also looks whether a real person stands there, and may ask them to turn their head. Nothing that the camera \
sees is kept. If the camera is not sure, the card is asked for; nothing else is decided by it. From time to time \
the templates of all members who agreed are compared with each other, to learn how alike two people can be. If \
somebody looks so much like your child that the lane could mix the two up, we note that both are asked for the \
card, and forget it when either template goes.

## What we do not do
We do not use your child's face for anything else: not for advertising, and not to watch them. Nobody is recognised \
until they ask to come in: by touching the screen, by giving their number or, at an entrance with a mark to stand on, \
by standing there. At such an entrance the camera sees who passes by as well; they are compared with nobody, and \
nothing of it is kept.

## Who is asked
A child under 13 is enrolled only with a parent's or guardian's consent. From 13 your child decides, and you may \
be asked as well. For a group of a school or college each parent is told, one must consent in writing, and the \
objection of any parent, or your child's refusal, ends it (Protection of Freedoms Act 2012, sections 26 and 27). \
You may object at any time, also after you or another parent agreed. When your child turns 13 they are asked \
themselves.

## Who is responsible
{operator}{where} is the controller of your child's data. {officer}

## The law
For the face we rely on explicit consent (UK GDPR Articles 6(1)(a) and 9(2)(a)). Nothing obliges you to give it. \
That we record when your child came in, by whichever way, rests on the membership and on our interest in a safe \
entrance (Article 6(1)(b) and (f)).

## Who gets it
We share the template with nobody. A company that runs our computers for us may hold it in its locked form, and \
only does with it what we say. It leaves the United Kingdom only where we say so here.{recipients}

Our staff see that you agreed, and when and how your child came in. Nobody sees the template. Whenever one of them \
opens what we hold about your child, it is written down, and can be read on your child's own page.

## How long
We keep the template until you or your child withdraw consent or ask us to erase it, and at most {template_days} \
days after the membership has ended; longer only while you had us set it aside, or while something that you asked of \
us is open. Our backups do not hold it. We keep a record of when and how your child came in, and how alike the \
comparison found them, for {passage_days} days.

That you agreed, and to which words, we keep for {consents} after it is withdrawn, so that we can show it. Your name, \
what you said and, if we write to you, your e-mail address stay as long as the membership does, so that a no is not \
forgotten. All of it goes {members} after the membership has ended, if this is sooner. A log of what was done stays. \
It knows your child by an id only, which by then leads to nobody.

## Your rights
You and your child may ask to see what we hold and take it with you, have it corrected or erased, and have its use \
limited or object to it. You may withdraw your consent at any time: on your child's own page, at reception, or in \
writing. The template and its key are then destroyed at once, and the card goes on working.

You may complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113.
"""

WORDS: Mapping[Audience, str] = {
    Audience.ADULT: _ADULT,
    Audience.TEENAGER: _TEENAGER,
    Audience.CHILD: _CHILD,
    Audience.PARENT: _PARENT,
}
