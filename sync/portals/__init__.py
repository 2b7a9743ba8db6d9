"""Adapters of portals, one module each, and their interfaces (`base`)."""
