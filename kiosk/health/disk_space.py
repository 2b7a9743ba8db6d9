"""The check of the data folder's free space."""

import shutil

from kiosk.context import Context
from kiosk.health.backup_media import size_in_words
from kiosk.health.check_result import CheckResult

WARN_BYTES = 1_000_000_000
FAULT_BYTES = 200_000_000


def check(context: Context) -> CheckResult:
    """Check the free space of the data folder: warning below 1 GB, fault below 200 MB (no new forms)."""
    free = shutil.disk_usage(context.config.folder).free
    words = f"Còn trống {size_in_words(free)}"
    if free < FAULT_BYTES:
        return CheckResult(
            name="Ổ đĩa",
            state="fault",
            words=words,
            do="Xóa bớt tệp trên máy, hoặc thay ổ lớn hơn. Tạm dùng mẫu giấy.",
            code="DISK-02",
            stops="all",
        )
    if free < WARN_BYTES:
        return CheckResult(
            name="Ổ đĩa", state="warning", words=words, do="Xóa bớt tệp trên máy trong hôm nay.", code="DISK-01"
        )
    return CheckResult("Ổ đĩa", "ok", words)
