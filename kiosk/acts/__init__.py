"""Acts of citizens, officers and technicians: each is one write transaction, all or nothing.

An act that files a form, draws or moves a ticket, or records what staff did appends an audit line in that transaction.
Acts that only change a draft, a citizen's session or a technical state write none.
"""
