"""The virtual printer: shows papers in practice, and produces faults in tests."""
