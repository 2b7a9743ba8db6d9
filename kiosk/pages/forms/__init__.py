"""Pages of a form, shared by the touchscreen and the desk: rendering, parsing, persons, pickers, buttons."""
