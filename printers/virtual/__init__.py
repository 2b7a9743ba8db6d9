"""The printer that ships: a newcomer sees paper, a test sees faults."""
