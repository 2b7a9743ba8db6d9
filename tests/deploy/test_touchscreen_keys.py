"""The keyboard layout of the touchscreen, compiled by the library that the compositor uses."""

import ctypes
import ctypes.util

import pytest

from kiosk.config import ROOT

LAYOUT = ROOT / "deploy" / "ward-kiosk" / "usr" / "share" / "ward-kiosk" / "xkb"
EVDEV = 8
"""A key's number in a keymap is that of the kernel's input-event-codes.h and 8."""
NO_DEFAULT_INCLUDES = 1
DOWN = 1
NO_SYMBOL = 0
DEAD = {
    "Ctrl left": 29, "Ctrl right": 97, "Alt left": 56, "Alt right": 100, "Super left": 125, "Super right": 126,
    "Menu": 127,
    "Esc": 1, "Print": 99, "SysRq": 99, "Pause": 119, "Scroll": 70, "Insert": 110, "Power": 116, "Sleep": 142,
    "Back": 158, "Forward": 159, "Refresh": 173, "Home page": 172, "WWW": 150, "Mail": 155, "Search": 217,
    "Bookmarks": 156,
    "Help": 138, "Undo": 131, "Copy": 133, "Open": 134, "Paste": 135, "Find": 136, "Cut": 137, "Calculator": 140,
    "New": 181, "Close": 206, "Save": 234, "Zoom in": 418, "Volume": 115,
    **{f"F{number + 1}": code for number, code in enumerate((59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88))},
    **{f"F{number + 13}": 183 + number for number in range(12)},
}  # fmt: skip
ALIVE = {"a": 30, "1": 2, "Return": 28, "Tab": 15, "space": 57, "BackSpace": 14, "slash": 53, "bar": 43}


class Names(ctypes.Structure):
    """`xkb_rule_names` of xkbcommon.h."""

    _fields_ = [(name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


@pytest.fixture(scope="module")
def xkb() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("xkbcommon"))
    for function in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
        getattr(library, function).restype = ctypes.c_void_p
    library.xkb_state_key_get_one_sym.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    library.xkb_state_update_key.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int]
    return library


@pytest.fixture
def keyboard(xkb: ctypes.CDLL) -> ctypes.c_void_p:
    """Return the state of a keyboard with the layout of the touchscreen."""
    context = ctypes.c_void_p(xkb.xkb_context_new(NO_DEFAULT_INCLUDES))
    xkb.xkb_context_include_path_append(context, str(LAYOUT).encode())
    xkb.xkb_context_include_path_append(context, b"/usr/share/X11/xkb")
    names = Names(b"ward-kiosk", b"pc105", b"us", b"", b"")
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
    assert keymap.value, "the layout does not compile"
    return ctypes.c_void_p(xkb.xkb_state_new(keymap))


def test_no_key_of_a_shortcut_does_anything(xkb: ctypes.CDLL, keyboard: ctypes.c_void_p) -> None:
    alive = [name for name, code in DEAD.items() if xkb.xkb_state_key_get_one_sym(keyboard, code + EVDEV) != NO_SYMBOL]
    assert alive == []


def test_no_key_of_a_shortcut_modifies_another_key(xkb: ctypes.CDLL, keyboard: ctypes.c_void_p) -> None:
    """A scanner that types a control character holds Ctrl and presses a letter: the letter is typed, nothing else."""
    for code in DEAD.values():
        assert xkb.xkb_state_update_key(keyboard, code + EVDEV, DOWN) == 0


def test_what_a_person_or_a_scanner_types_arrives(xkb: ctypes.CDLL, keyboard: ctypes.c_void_p) -> None:
    for code in ALIVE.values():
        assert xkb.xkb_state_key_get_one_sym(keyboard, code + EVDEV) != NO_SYMBOL
    capital = 42  # left shift
    assert xkb.xkb_state_update_key(keyboard, capital + EVDEV, DOWN) != 0
    assert xkb.xkb_state_key_get_one_sym(keyboard, ALIVE["a"] + EVDEV) == ord("A")
