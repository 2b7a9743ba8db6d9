"""Documents made into what a device or an eye takes: picture, ESC/POS, PDF, plain text."""
