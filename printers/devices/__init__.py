"""Kinds of printers, one module each, all with the protocol of `base`."""
