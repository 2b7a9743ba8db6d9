"""Pages of the touchscreen."""
