"""Between the kiosk and `sync`: what is delivered to the portal, by line or USB stick, and with which key."""
