"""Renderers of documents: picture, ESC/POS, PDF, plain text."""
