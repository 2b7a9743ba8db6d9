"""Connection test of the technician's pages: five steps to the portal, tried at a press."""

from flask import current_app

from kiosk.pages.access import allow
from kiosk.pages.technician.blueprint import render, technician
from kiosk.portal.connection_test import ConnectionStep


@technician.get("/connection")
@allow("technician")
def connection() -> str:
    """Ask for the test."""
    return render("technician/connection.html", steps=[], is_tried=False)


@technician.post("/connection")
@allow("technician")
def test_connection() -> str:
    """Run the test, which takes some seconds, and show its steps."""
    steps: list[ConnectionStep] = current_app.extensions["test_connection"]()
    return render("technician/connection.html", steps=steps, is_tried=True)
