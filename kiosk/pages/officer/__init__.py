"""Officer's pages in a browser on the ward's LAN: the queue, the case at the counter, look-up, day, staff."""
