"""Figures, each a ratio within one run; `python -m bench [name ...]` prints them beside their targets."""
