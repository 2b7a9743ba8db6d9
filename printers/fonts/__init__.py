"""Fonts for paper, made of their upstream files by `build`."""
