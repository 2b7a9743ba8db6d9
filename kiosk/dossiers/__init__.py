"""Shared by acts, papers and pages of a dossier: drafts, filing, scans, deadlines, status, opened submissions."""
