"""How the gateway's tables came to be, step by step (Alembic); a released step is never edited.

``versions`` holds one module a step. A database of the time before them is taken as being at ``v0001``.
"""
