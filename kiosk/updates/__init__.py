"""Signed releases of the program and of its content: published, downloaded, verified, installed, taken back.

Publishing side (the province): `repository`, `signing_keys`, `archive.pack`. Kiosk's side: `trust` verifies, `sources`
and `download` fetch, `programs` installs and switches, `trial` watches the first starts, `content` lays content over
the shipped one, `update` joins them into the acts of the commands and pages. See docs/releases.md.
"""
