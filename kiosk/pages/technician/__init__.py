"""Technician's pages: health checks, deliveries to the portal, devices, journal."""
