"""The desk gives or ends a consent to messages, as the person at the counter asks."""

from kiosk.context import Context
from kiosk.dossiers import message_consents
from kiosk.records import submissions


def agree(context: Context, submission_id: str, *, number: str, words: str, actor: str) -> bool:
    """Store a consent to messages; False where the portal sends none, or the number can get none."""
    with context.store.write() as db:
        submission = submissions.find(db, submission_id)
        return submission is not None and message_consents.give(
            db, context, submission, number=number, words=words, actor=actor
        )


def end(context: Context, submission_id: str, actor: str) -> bool:
    """End the messages about a dossier; False where they have ended."""
    with context.store.write() as db:
        submission = submissions.find(db, submission_id)
        return submission is not None and message_consents.end(db, context, submission, actor=actor)
