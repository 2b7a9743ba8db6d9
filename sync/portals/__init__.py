"""Ways to a portal, one module each; all answer to ``base.Portal``."""
