"""Pages of a case: the desk, its form, papers, fees and decisions, look-up, and the list of cases that need work."""
