"""Ways from a kiosk to a portal: an outbox, a line, and adapters; nothing here knows what a kiosk is.

A caller puts subjects into the ``outbox``, calls ``Engine.round`` and ``statuses.pull`` when it likes, and answers
``pack`` and ``settle``. The tables come with ``sync.schema.migrations``.
"""
