"""Settings with the series, counters and hours that a lead saved, for commands that open no context."""

import sqlite3

from kiosk.cli.store_reading import read_only
from kiosk.config import Config
from kiosk.config.service_plan import in_force as plan_in_force
from kiosk.config.service_plan import plan_of, with_plan
from kiosk.records import service_plans


def in_force(config: Config) -> Config:
    """Return settings with the plan in force; the file's where there is no store, or one of an earlier release."""
    with read_only(config) as db:
        try:
            saved = service_plans.newest(db) if db else None
        except sqlite3.Error:
            return config
    return with_plan(config, plan_in_force(plan_of(config), saved.plan, saved.parts)) if saved else config
