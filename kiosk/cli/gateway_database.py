"""The gateway's database as the commands of `kiosk gateway` open it.

SQLAlchemy is an extra, so it is imported where a gateway is really meant.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kiosk.base.errors import BadSettings
from kiosk.config import Config

DATABASE = "KIOSK_GATEWAY_DATABASE"
"""The environment variable that names the database."""
KEY = "KIOSK_GATEWAY_KEY"
"""The environment variable that names the key file of bodies and files."""
CONSOLE = "console"
"""The actor of what is done on the command line, as the gateway's trail names it."""


def place(config: Config, args: argparse.Namespace) -> str:
    """Return the database of the command: `--database`, else in practice a file in the data folder.

    Raises:
        BadSettings: none is named outside practice. A file here would receive accounts and codes that no gateway reads.
    """
    if args.database:
        return str(args.database)
    if not config.kiosk.practice:
        raise BadSettings(
            f"Chưa có kho của cổng: đặt {DATABASE} hoặc --database postgresql://...; để tập thì thêm --practice.",
            f"The gateway's database is not named: set {DATABASE} or --database, or practise with --practice.",
        )
    config.gateway_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(config.gateway_path)


_DATABASE_WORDS = {
    "BadDatabase": (
        "Chưa mở được kho của cổng. Xin xem địa chỉ sau --database, máy chủ PostgreSQL và quyền của tài khoản.",
        "The gateway's database does not open: {cause}. Look at --database, the server and the account's rights.",
    ),
    "OldDatabase": (
        "Kho của cổng còn theo bản cũ, lệnh này không đổi kho. Khởi động lại cổng bằng bản mới, rồi chạy lại lệnh.",
        "The gateway's database is of an earlier release, and this command does not migrate it. "
        "Restart the gateway with this release, then run the command again.",
    ),
    "StandbyDatabase": (
        "Chỉ có máy phụ trả lời, và máy phụ chưa nhận ghi. Đưa một máy lên làm máy chính, rồi chạy lại lệnh.",
        "Only a standby answers, which takes no writes. Promote one server, then run the command again.",
    ),
    "TrialDatabase": (
        "Kho của cổng do một bản chạy thử cũ ghi, và còn nguyên. Chạy cổng bằng bản 0.1.0 cuối cùng một lần, "
        "rồi chạy lại bản này.",
        "The gateway's database is of an old trial build, and is unchanged. Start the last 0.1.0 of the gateway on "
        "it once, then this release.",
    ),
    "WeakCommits": (
        "Máy chủ PostgreSQL chưa giữ mỗi tờ khai trên hai máy: đặt synchronous_commit = on cho máy chủ, cho kho và "
        "cho tài khoản; cho tài khoản quyền pg_read_all_stats. Hoặc bỏ KIOSK_GATEWAY_STANDBY.",
        "PostgreSQL does not keep each form on two machines: {cause}. Or empty KIOSK_GATEWAY_STANDBY.",
    ),
}
"""What to do about a `sync.gateway.BadDatabase`, by its class, in Vietnamese and in English."""


@contextmanager
def open_engine(config: Config, args: argparse.Namespace) -> Iterator[Any]:
    """Open the gateway's database; only in practice migrate one of an earlier release, whose gateway may be running."""
    from sync.gateway import database

    with plain_errors():
        key_file = os.environ.get(KEY, "")
        migrates = config.kiosk.practice
        engine = database.open_engine(place(config, args), connections=1, key_file=key_file, migrates=migrates)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_database(config: Config, args: argparse.Namespace) -> Iterator[Any]:
    """Open the gateway's database for one transaction."""
    from sync.gateway import sealing

    with open_engine(config, args) as engine, engine.begin() as db:
        with plain_errors():
            sealing.prepare(db)
        yield db


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a database that does not open into one sentence, without its address: it may hold a password."""
    from sync.gateway import BadDatabase, BadKey

    try:
        yield
    except BadKey as cause:
        raise BadSettings(
            f"Khóa niêm hồ sơ của cổng không dùng được ({cause}). Đặt lại đúng tệp khóa cũ từ két; {KEY} nói nó ở đâu.",
            f"The gateway's key does not work: {cause}. Put the key file back from the safe; {KEY} says where it lies.",
        ) from None
    except BadDatabase as cause:
        raise _bad_settings(cause) from None
    except ValueError as cause:
        raise BadSettings(f"Tham số chưa đúng: {cause}", f"An option is wrong: {cause}") from None


def _bad_settings(cause: Exception) -> BadSettings:
    """Return what to do about a `BadDatabase`, in Vietnamese and in English."""
    from sync.gateway import BadAddress

    if isinstance(cause, BadAddress):
        return BadSettings(cause.vietnamese, f"The gateway's database: {cause}.")
    vietnamese, english = _DATABASE_WORDS[type(cause).__name__]
    return BadSettings(vietnamese, english.format(cause=cause))
