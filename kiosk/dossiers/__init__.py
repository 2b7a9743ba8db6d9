"""What acts share about a dossier: drafts, filing, scans, deadlines, status, and the opened submission."""
