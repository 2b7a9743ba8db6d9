"""Vietnamese text, places, calendar, ID cards, payment QR codes and reference data."""
