"""A second person for what decides who can read forms: a technician asks, a lead agrees, and only then it is written.

`health.second_person` says when. Who edits kiosk.toml past the pages is not stopped: the lead is told (`find_changes`).
"""

import hashlib
import json

from sqlite_utils import Database

from kiosk.backup import recovery
from kiosk.backup.recovery import RecoveryState
from kiosk.base import clock
from kiosk.base.errors import BadSettings, NotFound, SettingsChanged
from kiosk.config import Config, reading_settings
from kiosk.config.edit import SettingsEdit, open_settings
from kiosk.config.live_settings import newest_settings, writable_file
from kiosk.context import Context
from kiosk.health.second_person import AgreementNeeded
from kiosk.records import audit, change_requests, marks
from kiosk.records.change_requests import ChangeRequest, ReadingChange, RequestState

KNOWN = "reading-settings"
"""Mark: hashes of the settings that were written through a page or a command, or that the lead has seen, as JSON."""
ANSWERED = ("Việc này đã có người trả lời rồi.", "Somebody has answered this already.")


def ask(context: Context, needed: AgreementNeeded, actor: str) -> None:
    """Ask the lead; an earlier request of the same kind that nobody has answered is replaced."""
    request = change_requests.new_request(needed.kind, actor, needed.changes, context.clock.now())
    sealed = context.vault.seal(change_requests.CONTENT, request.id, needed.content)
    with context.store.write() as db:
        change_requests.insert(db, request, sealed)
        _note(db, context, "change_asked", actor=actor, request=request)


def agree(context: Context, request_id: str, lead: str) -> None:
    """Write what a technician asked for, or note that the lead has seen what was changed past the pages.

    Raises:
        NotFound: somebody has answered already.
        SettingsChanged: kiosk.toml was changed since; the technician must ask again.
        SettingsReadOnly: kiosk.toml cannot be written.
    """
    with context.store.read() as db:
        request = change_requests.find_open(db, request_id)
    if request is None:
        raise NotFound(*ANSWERED)
    content = context.vault.open(change_requests.CONTENT, request_id, request.content) if request.content else b""
    edit = _edit_of(context, content) if request.kind == "settings" else None
    now = context.clock.now()
    state: RequestState = "seen" if request.kind == "found" else "agreed"
    with context.store.write() as db:
        if not change_requests.decide(db, request_id, state=state, by=lead, now=now):
            raise NotFound(*ANSWERED)
        if request.kind == "recovery":
            recovery.save_state(db, RecoveryState(public=content.decode(), made_at=clock.timestamp(now)))
        elif request.kind == "standby":
            recovery.save_standby(db, content.decode())
        elif edit is not None:
            _remember(db, edit.save())
        act = "change_seen" if request.kind == "found" else "change_agreed"
        _note(db, context, act, actor=lead, request=request)
    context.use_newest_settings()


def refuse(context: Context, request_id: str, lead: str) -> None:
    """Refuse what a technician asked for.

    Raises:
        NotFound: somebody has answered already.
    """
    with context.store.write() as db:
        request = change_requests.find_open(db, request_id)
        if request is None:
            raise NotFound(*ANSWERED)
        change_requests.decide(db, request_id, state="refused", by=lead, now=context.clock.now())
        _note(db, context, "change_refused", actor=lead, request=request)


def find_changes(context: Context) -> None:
    """Tell the lead of settings that were changed without them; the first time, only remember what they are."""
    if context.config.kiosk.practice:
        return
    try:
        newest = newest_settings(context.config)
    except BadSettings:
        return  # the settings of before are in use
    hashes = reading_settings.hashes(newest)
    with context.store.read() as db:
        if _known(db) == hashes:
            return
    with context.store.write() as db:
        known = _known(db)  # again: a page that writes kiosk.toml has committed now
        _remember(db, newest)
        found = {change.name: change for change in _unknown(known, newest)}
        if known is None or not found:
            return
        earlier = [request for request in change_requests.list_open(db) if request.kind == "found"]
        found = {change.name: change for request in earlier for change in request.changes} | found
        request = change_requests.new_request("found", "", tuple(found.values()), context.clock.now())
        change_requests.insert(db, request, None)
        _note(db, context, "change_found", actor="worker", request=request)


def _known(db: Database) -> dict[str, str] | None:
    text = marks.get(db, KNOWN)
    return json.loads(text) if text else None


def _unknown(known: dict[str, str] | None, newest: Config) -> list[ReadingChange]:
    """Return the settings whose hashes are not known; the former value is no longer there."""
    values = reading_settings.values(newest)
    hashes = reading_settings.hashes(newest)
    return [
        ReadingChange(name=name, old="", new=values[name])
        for name, value in hashes.items()
        if (known or {}).get(name) != value
    ]


def _remember(db: Database, config: Config) -> None:
    """Save that these settings were written through a page or a command."""
    marks.put(db, KNOWN, json.dumps(reading_settings.hashes(config)))


def _edit_of(context: Context, content: bytes) -> SettingsEdit:
    wanted = json.loads(content)
    file = writable_file(context.config)
    if file is None or hashlib.sha256(file.resolve().read_bytes()).hexdigest() != wanted["digest"]:
        raise SettingsChanged
    edit = open_settings(file, wanted["digest"])
    edit.replace_text(wanted["text"])
    return edit


def _note(db: Database, context: Context, act: str, *, actor: str, request: ChangeRequest) -> None:
    hashes = " ".join(f"{change.name}={reading_settings.hash_of(change.new)}" for change in request.changes)
    line = audit.AuditLine(act=act, actor=actor, subject=request.id, facts={"values": hashes})
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
