"""Checks of the machine: each is ok, note, warning or fault, with steps in a ward technician's words."""
