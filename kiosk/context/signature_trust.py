"""What digital signatures are checked by on this machine: the authorities of its content, and its clock."""

from kiosk.context import Context, clock_trust
from kiosk.updates import authorities, content
from kiosk.uploads.signatures import Trust


def trust(context: Context) -> Trust:
    """Return the authorities of the content in use, and the time if the clock is trusted."""
    files = content.authorities(context.config.content_folder)
    is_time_sure = clock_trust.doubt(context) is None
    return authorities.trust(files, context.clock.now(), is_time_sure=is_time_sure)
