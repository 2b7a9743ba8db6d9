"""WSGI app of the kiosk: `create_app(config)` opens store, key and catalogue and registers all pages.

Practice is another app of this kind with its own data folder; only it registers the made-up cards. A second app with
the citizen's pages alone is beside each kiosk, under /tap: people practise there while the kiosk is in use.
"""

import logging
from contextlib import suppress
from functools import partial

from flask import Flask, Response, request
from werkzeug.wrappers import Response as Answer

from kiosk.backup.startup import prepare_store
from kiosk.base.clock import SYSTEM, Clock
from kiosk.base.errors import OutOfService, StoreUnavailable
from kiosk.config import Config
from kiosk.pages import access
from kiosk.pages.beside import gate
from kiosk.pages.board import board
from kiosk.pages.citizen import (  # noqa: F401 - the import registers the pages on the blueprint
    call,
    card,
    check,
    choose,
    cover,
    done,
    form,
    keep,
    listen,
    opinion,
    paper_camera,
    paper_feeder,
    pay,
    pick,
    privacy,
    scan,
    start,
    status,
    ticket,
    together,
)
from kiosk.pages.citizen.blueprint import citizen
from kiosk.pages.enrolment import enrolment, set_screen_cookie
from kiosk.pages.metrics import metrics
from kiosk.pages.officer.assist import (  # noqa: F401 - the import registers the pages on the blueprint
    begin,
    kept_form,
    reception,
    steps,
    turn,
)
from kiosk.pages.officer.case import (  # noqa: F401 - the import registers the pages on the blueprint
    command,
    correct,
    decide,
    desk,
    fees,
    form_transfer,
    lookup,
    opened_case,
    own_data,
    paper_stack,
    papers,
    printouts,
    returned,
    scans,
    twice,
    unsent,
    work,
)
from kiosk.pages.officer.lead import (  # noqa: F401 - the import registers the pages on the blueprint
    agreements,
    audit_trail,
    cash,
    class_calls,
    compare,
    day,
    now,
    opinions,
    page_figures,
    payments,
    people,
    plan,
    registers,
    training,
)
from kiosk.pages.officer.queue import (  # noqa: F401 - the import registers the pages on the blueprint
    counter,
    end,
    help_calls,
    line,
    panel,
    priority,
)
from kiosk.pages.officer.session import (  # noqa: F401 - the import registers the pages on the blueprint
    account,
    guide,
    lock,
)
from kiosk.pages.officer.session.blueprint import officer
from kiosk.pages.practice import practice, practice_desk
from kiosk.pages.signin import signin
from kiosk.pages.tablet import tablet
from kiosk.pages.technician import (  # noqa: F401 - the import registers the pages on the blueprint
    certificate,
    connection,
    copies,
    deliveries,
    devices,
    disks,
    first_run,
    journal,
    key,
    machine_log,
    overview,
    own_account,
    printers,
    readiness,
    recovery,
    restart,
    ruler,
    screens,
    settings,
    updates,
    upkeep,
    usb,
)
from kiosk.pages.technician import doctor as doctor_page  # noqa: F401 - another `doctor` runs the checks
from kiosk.pages.technician import people as technicians  # noqa: F401 - officers have `people` too
from kiosk.pages.technician.blueprint import technician
from kiosk.startup import doctor, wiring
from kiosk.startup.context_factory import open_context
from kiosk.web.bare_app import KioskApp, add_out_of_service_page, alive, bare_app, register_error_pages
from kiosk.web.practice_beside import PracticeBeside, delete_left_behind

log = logging.getLogger(__name__)


def create_app(config: Config, clock: Clock = SYSTEM) -> KioskApp:
    """Return the kiosk's app; if store or key cannot be used, an app with only the out-of-service page."""
    app = bare_app(config)
    app.extensions["clock"] = clock
    try:
        prepare_store(config, clock)
        context = open_context(config, clock)
    except OutOfService as error:
        log.error("out of service", extra={"code": error.code})
        return add_out_of_service_page(app, error)
    delete_left_behind(config)
    app.extensions["context"] = context
    app.extensions["examine"] = doctor.examine
    app.extensions["print_now"] = wiring.print_now
    app.extensions["test_connection"] = partial(wiring.test_connection, context)
    app.extensions[gate.PRACTICE_APPS] = PracticeBeside()
    _register_pages(app, practice_cards=config.kiosk.practice)
    return app


def _register_pages(app: Flask, *, practice_cards: bool) -> None:
    app.add_url_rule("/alive", "alive", alive)
    app.before_request(_use_newest_settings)
    app.before_request(access.check_role)
    app.after_request(_renew_screen_cookie)
    app.register_blueprint(citizen)
    app.register_blueprint(signin)
    app.register_blueprint(enrolment, url_prefix="/signin")
    app.register_blueprint(officer, url_prefix="/officer")
    app.register_blueprint(technician, url_prefix="/technician")
    app.register_blueprint(board, url_prefix="/display")
    app.register_blueprint(tablet, url_prefix="/tablet")
    app.register_blueprint(metrics)
    app.register_blueprint(gate.gate)
    if practice_cards:
        app.register_blueprint(practice, url_prefix="/practice")
        app.register_blueprint(practice_desk, url_prefix="/officer/practice")
    register_error_pages(app)


def _use_newest_settings() -> None:
    """Show this request what a lead or a technician saved, in any process; the view reports an unreadable store."""
    if request.endpoint not in (None, "static", "alive"):
        with suppress(StoreUnavailable):
            access.context().use_newest_plan()
            access.context().use_newest_settings()


def _renew_screen_cookie(response: Response) -> Answer:
    """Renew a screen's cookie at the first page of each visit, so that a used screen stays enrolled."""
    is_home = request.endpoint in {"citizen.start", "tablet.show"}
    if not is_home or response.status_code != 200 or not access.is_lan():
        return response
    token = request.cookies.get(access.SCREEN_COOKIE, "")
    return set_screen_cookie(response, token) if token else response
