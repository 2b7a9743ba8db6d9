"""Parser of the author's commands, whose help and errors are Vietnamese: argparse has English ones only."""

import argparse
from typing import Any, NoReturn


class _VietnameseFormatter(argparse.HelpFormatter):
    """Help that begins with "cách dùng"."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the line of usage."""
        super().add_usage(usage, actions, groups, prefix or "cách dùng: ")


class AuthorParser(argparse.ArgumentParser):
    """Parser of one command of an author."""

    def __init__(self, *args: Any, **options: Any) -> None:
        preset: dict[str, Any] = {"formatter_class": _VietnameseFormatter, "add_help": False}
        super().__init__(*args, **preset | options)
        make_vietnamese(self)

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse calls it so
        """Say how the command is used; the English reason of argparse is left out."""
        self.exit(2, f"{self.format_usage()}Lệnh chưa đủ hoặc có chữ thừa. Thêm --help để xem cách dùng.\n")


def make_vietnamese(parser: argparse.ArgumentParser) -> None:
    """Give a parser Vietnamese titles and a Vietnamese `--help`."""
    parser._positionals.title = "phải ghi"
    parser._optionals.title = "có thể ghi thêm"
    if not any("--help" in action.option_strings for action in parser._actions):
        parser.add_argument("-h", "--help", action="help", help="xem cách dùng rồi thôi")


def add_acts(command: argparse.ArgumentParser, description: str) -> Any:
    """Return the place for the acts of an author's command."""
    command.description = description
    command.formatter_class = _VietnameseFormatter
    for action in command._actions:
        if "--help" in action.option_strings:
            action.help = "xem cách dùng rồi thôi"
    make_vietnamese(command)
    return command.add_subparsers(
        dest="what", required=True, metavar="việc", title="các việc", parser_class=AuthorParser
    )
