"""Scanners for papers, with a feeder or a glass: pages wait in memory until the officer or citizen keeps them.

`sane` drives the device by `scanimage` of SANE, which knows USB scanners and, by sane-airscan, those of the network;
`made_up` is the one of practice. `stack` holds what each person scanned and has not kept yet.
"""

from kiosk.paper_scanner.sane import Ending, Source
from kiosk.paper_scanner.stack import PaperScanner, Stack, StackKey

__all__ = ["Ending", "PaperScanner", "Source", "Stack", "StackKey"]
