"""The shelf: procedures as data, the kinds of question, and the journey through a form."""
