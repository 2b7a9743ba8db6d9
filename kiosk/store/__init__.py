"""The kiosk's store: the SQLite file and its schema, encryption at rest, files beside it, the disk reserve."""
