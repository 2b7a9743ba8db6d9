"""Procedures as data: file format, catalogue, kinds of question, order of pages, validation rules, search."""
