"""Pages of practice beside the live kiosk, under /tap: the gate in the live app, and the pages of the practice app."""
