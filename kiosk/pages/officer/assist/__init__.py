"""Pages on which an officer fills in a form for or with a citizen, and reception."""
