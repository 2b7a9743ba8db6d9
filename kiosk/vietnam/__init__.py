"""What is particular to Viet Nam: text, places, calendar, ID cards, payment QR, and reference data."""
