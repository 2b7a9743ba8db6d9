"""Delivery to the portal: forms, the feed, the queue, files, reports and a new key, one exchange a step."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from sqlite_utils import Database

import sync.kiosk_reports
import sync.receipt_numbers
import sync.status_feed
from kiosk.acts import crediting, numbering
from kiosk.backup import restore_log
from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import awaited_transfers, message_consents, message_months
from kiosk.portal import delivery, key_renewal, kiosk_report, portal_trail, scan_files
from kiosk.portal.need_list import find_need_list
from kiosk.startup.wiring import file_limits, open_enrolling_portal, open_portal
from kiosk.updates import offer
from kiosk.worker.queue_posts import QueuePosts
from kiosk.worker.task import Task
from sync.backoff import BackoffSettings
from sync.engine import Engine
from sync.file_transfer import FileTransfer
from sync.link import Link
from sync.parcel import PaymentNotice
from sync.portals import need_list as need_lists
from sync.portals.base import EnrollingPortal, KnowsNumbers, TakesFiles, TakesNeedLists, TakesQueue, TakesReports
from sync.portals.need_list import NeedList

if TYPE_CHECKING:
    from sync.portals.base import Portal

KEY_RENEWAL_SECONDS = 5.0
"""Interval of the check for a requested key renewal."""
REPORT_SECONDS = 300.0
"""Interval of the reports of the kiosk's state."""
AWAITED_SECONDS = 2.0
"""Interval of the requests of the changes feed while a page waits for a transfer."""
LOOK_SECONDS = 1.0
"""Interval of the question whether a page waits for a transfer."""
REFUSED_REPORT_SECONDS = 3600.0
"""Interval at a portal that takes no reports: an older one."""
IDLE_SECONDS = 0.25
LIMIT_SECONDS = 600.0
"""A round of OpenCPS makes several exchanges of up to a minute."""


class Delivery:
    """Everything that the kiosk exchanges with its portal."""

    def __init__(self, context: Context, portal: "Portal | None", pace: BackoffSettings) -> None:
        self.context = context
        self._portal = portal
        self._capabilities = context.config.portal.capabilities
        self._pace = pace
        self.link = Link(codes.random_source(), pace, context.clock.monotonic)
        open_subject, apply_outcome, apply_receipt = delivery.sync_callbacks(context)
        self._apply_receipt = apply_receipt
        self._make_engine = partial(
            Engine, context.store, link=self.link, open_subject=open_subject, apply_outcome=apply_outcome
        )
        self._engine = self._make_engine(portal=portal) if portal is not None else None
        self.file_transfer = self._make_file_transfer()
        self._queue_posts = QueuePosts(context, self.link)
        self._numbers_of: date | None = None
        """The day for which the portal has told its highest receipt number."""
        self._need_list: NeedList | None = None
        """The list that the portal lacks, by its answer to the last report."""
        self._has_notices = True
        """Whether notices may wait to be matched: at the start, those of a process that died."""
        self._renew_at = self._look_at = self._pull_at = self._report_at = context.clock.monotonic()

    @property
    def has_feed(self) -> bool:
        """Whether the portal tells later changes, and can be asked about everything delivered."""
        return self._portal is not None and self._capabilities.has_feed

    def task(self) -> Task:
        """Return the task of delivery."""
        return Task("delivery", step=self.step, idle=IDLE_SECONDS, limit=LIMIT_SECONDS, close=self.close)

    def step(self) -> bool:
        """Do one due thing; return whether there was one."""
        return (
            self.renew_key()
            or self.ask_numbers()
            or self.report()
            or self.deliver()
            or self.send_need_list()
            or self.pull()
            or self.match_payments()
            or self._post_queue()
            or self._send_files()
        )

    def renew_key(self) -> bool:
        """Continue the key renewal that a technician requested; afterwards the portal is opened with the new key."""
        now = self.context.clock.monotonic()
        if self._portal is None or not self._capabilities.can_be_enrolled or now < self._renew_at:
            return False
        self._renew_at = now + KEY_RENEWAL_SECONDS
        if not key_renewal.step(self.context, self._open_with):
            return False
        self._portal.close()
        self._portal = cast("Portal", open_portal(self.context, self._pace.exchange))
        self._engine = self._make_engine(portal=self._portal)
        self.file_transfer = self._make_file_transfer()
        self._numbers_of = None
        return True

    def ask_numbers(self) -> bool:
        """Ask the portal for the highest receipt number: at each start, on each new day, and after an enrolment.

        It is asked before anything is delivered, because this machine may have replaced another one.
        """
        today = self.context.clock.today()
        if self._portal is None or not self._capabilities.knows_numbers or self._numbers_of == today:
            return False
        portal = cast("KnowsNumbers", self._portal)
        known = sync.receipt_numbers.ask(self.context.store, portal, self.link, self.context.clock.now())
        if known is None:
            return False
        numbering.leave_used_block(self.context, known)
        self._numbers_of = today
        return True

    def report(self) -> bool:
        """Report the state of this kiosk, if it is due.

        It goes before the forms: a release that the portal calls too old sends none, and learns here of a newer one.
        """
        now = self.context.clock.monotonic()
        if self._portal is None or not self._capabilities.takes_reports or now < self._report_at:
            return False
        if not sync.kiosk_reports.is_possible(self.context.store, self.link):
            return False
        self._report_at = now + REPORT_SECONDS
        need_list = find_need_list(self.context)
        need_digest = need_lists.digest(need_lists.encode(need_list)) if need_list else ""
        answer = sync.kiosk_reports.send(
            self.context.store,
            portal=cast("TakesReports", self._portal),
            link=self.link,
            report=kiosk_report.find_report(self.context, need_digest),
            now=self.context.clock.now(),
        )
        if answer is not None:
            with self.context.store.write() as db:
                offer.save(db, answer.release)
                portal_trail.record_answer(self.context, db, answer.trail)
                message_consents.record_offer(db, is_offered=answer.sends_messages)
                message_months.record(db, answer.message_month)
                for ended in answer.ended_consents:
                    message_consents.end_by_phone(db, self.context, ended.receipt_no, ended.at)
        if answer is not None and answer.release is None:
            self._report_at = now + REFUSED_REPORT_SECONDS
        if answer is not None and answer.need_list is not None and answer.need_list != need_digest:
            self._need_list = need_list
        return answer is not None

    def send_need_list(self) -> bool:
        """Send what the ward's procedures need, if the last report showed that the portal has none or another one.

        An attempt that fails is repeated after the next report.
        """
        need_list = self._need_list
        if need_list is None or not sync.kiosk_reports.is_possible(self.context.store, self.link):
            return False
        self._need_list = None
        sync.kiosk_reports.send_need_list(
            self.context.store,
            portal=cast("TakesNeedLists", self._portal),
            link=self.link,
            need_list=need_list,
            now=self.context.clock.now(),
        )
        return True

    def _open_with(self, seed: bytes) -> EnrollingPortal:
        with self.context.store.read() as db:
            restores = restore_log.count_restores(db)
        portal = open_enrolling_portal(self.context.config, seed, self._pace.exchange, restores)
        return cast("EnrollingPortal", portal)

    def deliver(self) -> bool:
        """Send a batch, if anything is due; the feed is read afterwards.

        Only a cursor behind what was sent shows later that the portal was restored to a moment before it.
        """
        has_sent = self._engine is not None and self._engine.round(self.context.clock.now())
        if has_sent:
            self._pull_at = self.context.clock.monotonic()
        return has_sent

    def _make_file_transfer(self) -> FileTransfer | None:
        if self._portal is None or not self._capabilities.takes_files:
            return None
        return FileTransfer(
            self.context.store,
            cast("TakesFiles", self._portal),
            self.link,
            open_file=partial(scan_files.open_scan, self.context),
            apply_result=partial(scan_files.apply_result, self.context),
        )

    def _post_queue(self) -> bool:
        """Post the queue of the day, when no form is due."""
        if self._portal is None or not self._capabilities.has_status_pages:
            return False
        return self._queue_posts.round(cast("TakesQueue", self._portal))

    def _send_files(self) -> bool:
        """Send a piece of a scan, when no form is due, within the limits of the settings of now."""
        if self.file_transfer is None:
            return False
        self.file_transfer.limits = file_limits(self.context.config)
        return self.file_transfer.round(self.context.clock.now())

    def pull(self) -> bool:
        """Read a page of the changes feed, if it is due; return whether there is more."""
        now = self.context.clock.monotonic()
        if self._portal is None or not self._capabilities.has_feed or not self._is_pull_due(now):
            return False
        self._look_at = now + AWAITED_SECONDS
        self._pull_at = now + self._pace.pull
        has_more = sync.status_feed.pull(
            self.context.store,
            portal=self._portal,
            link=self.link,
            apply_receipt=self._apply_receipt,
            now=self.context.clock.now(),
            record_payment=self._record_payment,
        )
        if has_more:
            self._pull_at = now
        return has_more

    def _is_pull_due(self, now: float) -> bool:
        """Return whether the feed is due: earlier while a page waits for a transfer."""
        if now >= self._pull_at:
            return True
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_SECONDS
        return awaited_transfers.is_awaited(self.context)

    def _record_payment(self, db: Database, notice: PaymentNotice) -> None:
        delivery.record_payment(self.context, db, notice)
        self._has_notices = True

    def match_payments(self) -> bool:
        """Match the notices that were recorded; return whether there were any."""
        if not self._has_notices:
            return False
        is_done = crediting.match_notices(self.context) > 0
        self._has_notices = is_done
        return is_done

    def close(self) -> None:
        """Close the connection to the portal."""
        if self._portal is not None:
            self._portal.close()
