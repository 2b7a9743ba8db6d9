"""Practice beside the live kiosk: a second app in the process, with the citizen's pages alone, under /tap.

Its store, key, numbers and spool are in a folder of their own, which is emptied at each start and has no portal, no
printer and no worker. The live app passes requests on to it (`pages.beside.gate`).
"""

import fcntl
import shutil
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import BinaryIO
from weakref import WeakKeyDictionary, finalize

from kiosk.acts import practising
from kiosk.base.errors import StoreBusy, StoreUnavailable
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.pages import access
from kiosk.pages.beside.practice_app import register_practice_pages
from kiosk.pages.citizen.blueprint import citizen
from kiosk.store.db import Store
from kiosk.store.owner import open_lock
from kiosk.store.schema import grow
from kiosk.store.vault import open_vault
from kiosk.web.bare_app import KioskApp, alive, bare_app, register_error_pages


class PracticeBeside:
    """Practice apps of this process, one for each live context; opened at the first request, which takes a moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._apps: WeakKeyDictionary[Context, KioskApp] = WeakKeyDictionary()
        self._closings: list[finalize[[Store, BinaryIO], Context]] = []

    def app_of(self, live: Context) -> KioskApp:
        """Return the practice app beside a live context.

        Raises:
            StoreUnavailable: its folder cannot be used, or another process of this kiosk uses it.
        """
        with self._lock:
            if live not in self._apps:
                self._apps[live] = self._open(live)
            app = self._apps[live]
        beside: Context = app.extensions["context"]
        newest = live.config.beside_live()
        if beside.config != newest:
            beside.config = newest
        return app

    def close(self) -> None:
        """Delete the folders of practice; the end of the process does so too."""
        with self._lock:
            self._apps.clear()
            for closing in self._closings:
                closing()
            self._closings.clear()

    def _open(self, live: Context) -> KioskApp:
        config = live.config.beside_live()
        lock = _lock_empty_folder(config)
        try:
            store = Store(config.store_path)
        except BaseException:
            lock.close()
            raise
        self._closings.append(finalize(live, _close_beside, store, lock))
        grow(store)
        return _practice_app(live, config, store)


def _practice_app(live: Context, config: Config, store: Store) -> KioskApp:
    """Return an app with the citizen's pages alone, on a store of its own.

    The catalogue is that of the live kiosk. No scanner reaches this app: its cards are made-up ones of its pages.
    """
    context = Context(
        config=config,
        store=store,
        vault=open_vault(config.key_path, store),
        catalogue=live.catalogue,
        clock=live.clock,
        card_inbox=CardInbox(),
        practice_visits=live.practice_visits,
    )
    live.practice_visits.forget = partial(practising.forget, context)
    app = bare_app(config)
    app.extensions["context"] = context
    app.before_request(access.check_role)
    app.add_url_rule("/alive", "alive", alive)
    app.register_blueprint(citizen)
    register_practice_pages(app)
    register_error_pages(app)
    return app


def _lock_empty_folder(config: Config) -> BinaryIO:
    """Delete what practice left in an earlier run; return the lock of the folder, held until it is closed.

    Raises:
        StoreBusy: another process of this kiosk has the lock.
        StoreUnavailable: the disk refuses.
    """
    try:
        config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open_lock(config.folder.with_suffix(".lock"))
    except OSError as cause:
        raise StoreUnavailable from cause
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(config.folder)
    except OSError as cause:
        lock.close()
        raise StoreBusy if isinstance(cause, BlockingIOError) else StoreUnavailable from cause
    return lock


def delete_left_behind(config: Config) -> None:
    """Delete what practice left when the machine lost its power; a folder that cannot be emptied now is left."""
    beside = config.beside_live()
    with suppress(StoreUnavailable):
        if beside.folder.exists():
            _lock_empty_folder(beside).close()


def _close_beside(store: Store, lock: BinaryIO) -> None:
    """Close the store of practice and delete it."""
    store.close()
    shutil.rmtree(store.path.parent, ignore_errors=True)
    lock.close()
