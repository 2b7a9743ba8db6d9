"""The scanner for papers, with a feeder or a glass: its pages are kept in memory until an officer keeps them.

`sane` drives the device by `scanimage` of SANE, which knows USB scanners and, by sane-airscan, those of the network.
`stack` holds what each officer scanned and has not kept yet.
"""

from kiosk.paper_scanner.sane import Ending, Source
from kiosk.paper_scanner.stack import PaperScanner, Stack, StackKey

__all__ = ["Ending", "PaperScanner", "Source", "Stack", "StackKey"]
