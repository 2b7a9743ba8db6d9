"""A kiosk for the one-stop counter of a Vietnamese ward.

The layers, the reasons and where a new thing belongs are told in docs/house.md.
"""
