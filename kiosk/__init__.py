"""A kiosk for the one-stop counter of a Vietnamese ward.

docs/architecture.md describes the layers and says where new code belongs.
"""
