"""Opens the application context: store, key, catalogue and settings of a machine.

The worker and most commands need it without any page, so nothing of `kiosk.pages` is imported here.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.acts import procedure_versions
from kiosk.backup import lost_log
from kiosk.backup.startup import require_store
from kiosk.base.clock import SYSTEM, Clock
from kiosk.base.i18n import load_own_languages
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.dossiers import class_seats, kept_versions
from kiosk.procedures import kept_files
from kiosk.procedures.loader import CATALOGUE, Catalogue, read_usable_catalogue
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import open_vault
from kiosk.updates import content
from kiosk.voice import published
from kiosk.voice.call_clips import clips_folder

log = logging.getLogger(__name__)


def create_store(config: Config) -> None:
    """Create the store and its key, unless they exist.

    Raises:
        OutOfService: they cannot be created.
    """
    with Store(config.store_path) as store:
        grow(store)
        open_vault(config.key_path, store)


def open_context(config: Config, clock: Clock = SYSTEM) -> Context:
    """Open the store, the key and the catalogue; only practice creates a missing store.

    Raises:
        OutOfService: store or key cannot be used; its text is one sentence for the technician.
    """
    require_store(config)
    content.use_reference_data(config.content_folder)
    for _problem in load_own_languages(config.languages_folder, published.language_files(clips_folder(config))):
        log.error("language left out", extra={"code": "K-02"})  # `kiosk voice status` says why
    if not config.kiosk.practice:
        lost_log.notice(config, clock)
    store = Store(config.store_path, has_marker=not config.kiosk.practice)
    try:
        grow(store)
        vault = open_vault(config.key_path, store)
        catalogue = open_catalogue(config)
        if config.own_procedures:
            kept_files.keep(config.own_procedures, config.kept_procedures, catalogue.bad_files)
        if config.overrides_path:
            kept_files.keep_overrides(config.overrides_path, config.kept_overrides, catalogue.bad_files)
        if catalogue.errors:
            log.error("procedure files left out", extra={"code": "K-02", "count": len(catalogue.errors)})
    except BaseException:
        store.close()
        raise
    context = Context(
        config=config,
        store=store,
        vault=vault,
        catalogue=catalogue,
        clock=clock,
        card_inbox=CardInbox(),
        count_seats=class_seats.seats_left,
        content=content.present(config.content_folder),
    )
    context.use_newest_plan()
    procedure_versions.keep_used(context)
    kept_versions.use_former(context)
    return context


@contextmanager
def use_context(config: Config) -> Iterator[Context]:
    """Open a context as `open_context` does, and close its store at the end."""
    context = open_context(config)
    try:
        yield context
    finally:
        context.store.close()


def use_new_content(context: Context) -> bool:
    """Read the catalogue again if another content release is in use now; return whether it was.

    Places and holidays are read at the next start: other values were made of them already.
    """
    version = content.present(context.config.content_folder)
    if version == context.content:
        return False
    context.catalogue = open_catalogue(context.config)
    kept_versions.use_former(context)
    context.content = version
    log.info("content in use", extra={"version": version})
    return True


def open_catalogue(config: Config) -> Catalogue:
    """Return the catalogue with the ward's files, without those that have errors."""
    kept = config.kept_procedures if config.own_procedures else None
    return read_usable_catalogue(
        *_folders(config), overrides=config.overrides_path, kept=kept, kept_overrides=config.kept_overrides
    )


def _folders(config: Config) -> list[Path]:
    """Return the folders of procedures: the shipped ones, those of a content release, the ward's own."""
    over = content.procedures_folder(config.content_folder)
    return [CATALOGUE, *([over] if over else []), *([config.own_procedures] if config.own_procedures else [])]
