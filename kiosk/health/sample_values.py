"""Check of the settings that still have the values of the shipped kiosk.toml, which is an example of one ward."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from kiosk.context import Context
from kiosk.health.check_result import CheckResult

SAMPLES: Mapping[str, Any] = {
    "kiosk.id": "PK03",
    "ward.name": "Phường Phú Xuân",
    "ward.code": "19753",
    "ward.unit_code": "H57.99.01",
    "ward.hotline": "19001075",
    "ward.agency_committee": "Ủy ban nhân dân phường Phú Xuân",
    "ward.agency_police": "Công an phường Phú Xuân",
    "ward.agency_economy": "Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân",
    "ward.center": "Trung tâm Phục vụ hành chính công phường Phú Xuân",
}
"""Settings of the shipped kiosk.toml that are an example of one ward; a test compares them with it."""
SAMPLE_PLACES = frozenset({"Trạm y tế phường Phú Xuân", "Hội trường phường Phú Xuân"})


def samples(context: Context) -> CheckResult:
    """Find settings that still have the values of the shipped kiosk.toml; practice may keep them."""
    config = context.config
    found = [name for name, value in SAMPLES.items() if attrgetter(name)(config) == value]
    found += [place.name for place in config.birth_places if place.name in SAMPLE_PLACES]
    found += [lesson.place for lesson in config.classes[:1] if lesson.place in SAMPLE_PLACES]
    if not found or config.kiosk.practice:
        return CheckResult("Giá trị mẫu", "ok", "Không còn giá trị mẫu nào" if not found else "Tập khai, giữ được")
    return CheckResult(
        name="Giá trị mẫu",
        state="warning",
        words=f"kiosk.toml còn {len(found)} giá trị mẫu: {', '.join(found)}",
        do="Ghi giá trị của phường mình, hoặc xóa đoạn mẫu. Phường Phú Xuân thật thì đối chiếu từng dòng rồi bỏ qua.",
    )
