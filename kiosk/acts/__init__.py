"""Acts of citizens, officers and technicians: each is one write transaction and one audit line, all or nothing."""
