"""Pages: HTTP with one kind of person each."""
