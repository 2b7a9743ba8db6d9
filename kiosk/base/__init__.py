"""Modules without a layer below: errors, clock, random codes, log, languages, release, screen sizes, systemd."""
