"""Passwords and their hashes, the certificates of the ward."""
