"""Import every module of the project, with warnings as errors: `python -W error -m tests.imports`."""

import pkgutil
from importlib import import_module

PACKAGES = ("kiosk", "sync", "printers")


def module_names() -> list[str]:
    """Return the names of all modules but `__main__`, which would run a command."""
    found = [module.name for name in PACKAGES for module in pkgutil.walk_packages([name], f"{name}.")]
    return [name for name in found if not name.endswith("__main__")]


if __name__ == "__main__":
    names = module_names()
    for name in names:
        import_module(name)
    print(f"{len(names)} modules are imported")
