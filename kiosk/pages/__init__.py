"""Pages: Flask blueprints, one for each audience, and what they share."""
