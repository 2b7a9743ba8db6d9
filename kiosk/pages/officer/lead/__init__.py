"""Pages about the ward: days and cash, figures, service plan, staff, facts beside official texts, audit trail."""
