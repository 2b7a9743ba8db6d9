"""WSGI app of the kiosk, its server on the machine itself, and the practice app beside it."""
