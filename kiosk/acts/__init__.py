"""Acts: what a person does, each one write transaction and one audit line, all or nothing."""
