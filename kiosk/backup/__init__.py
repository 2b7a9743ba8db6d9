"""Backup copies of the store on a second medium: created each hour, sealed, rotated, verified and restored."""
