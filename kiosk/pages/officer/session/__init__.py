"""Session and frame of the officer's pages: blueprint, lock, own account, posts that are sent again, messages."""
