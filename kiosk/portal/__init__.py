"""Between the kiosk and `sync`: callbacks, scans, e-forms, USB stick, and the signing key and its renewal."""
