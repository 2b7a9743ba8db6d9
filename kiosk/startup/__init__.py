"""Start of a kiosk: the context, portals and printers of its settings, checks, restart, data for practice."""
