"""Ways to a printer, one module each, all behind one protocol."""
