"""The officer's desk, in a browser on the ward's LAN: the queue, and the form of whoever was called to this counter."""
