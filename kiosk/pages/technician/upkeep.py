"""Page "Bảo trì": the way to everything that keeps the machine well, each with its state in a few words."""

from dataclasses import dataclass

from kiosk.health import checks
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, technician
from kiosk.records import staff


@dataclass(frozen=True)
class UpkeepTask:
    """A page of the upkeep: its endpoint, icon and name, and what it is for."""

    endpoint: str
    icon: str
    name: str
    about: str


TASKS = (
    UpkeepTask(endpoint="readiness", icon="check", name="Sẵn sàng buổi sáng", about="Xem, rồi in một phiếu để ký."),
    UpkeepTask(
        endpoint="copies", icon="hand-in", name="Bản sao", about="Sao lưu ngay, xem các bản, diễn tập khôi phục."
    ),
    UpkeepTask(
        endpoint="backup_disks", icon="hand-in", name="Ổ sao lưu", about="Tìm ổ vừa cắm, định dạng, gắn vào máy."
    ),
    UpkeepTask(endpoint="doctor", icon="shield", name="Khám máy", about="Thử ghi, máy in, cổng. Tải gói chẩn đoán."),
    UpkeepTask(endpoint="machine_log", icon="list", name="Nhật ký máy", about="Máy đã làm gì, lỗi nào, lúc nào."),
    UpkeepTask(endpoint="settings", icon="pencil", name="Cài đặt", about="Tên, giờ mở, cổng, sao lưu, tài khoản phí."),
    UpkeepTask(endpoint="updates", icon="globe", name="Cập nhật", about="Bản đang chạy, bản mới, quay lại bản trước."),
    UpkeepTask(endpoint="certificate", icon="lock", name="Chứng thư", about="Hạn dùng, gia hạn, cài ở máy cán bộ."),
    UpkeepTask(
        endpoint="people", icon="people", name="Cán bộ kỹ thuật", about="Thêm người, cấp mật khẩu, khóa tài khoản."
    ),
    UpkeepTask(
        endpoint="first_run", icon="home", name="Lần đầu bật máy", about="Bảy việc của máy mới, rồi khóa màn hình."
    ),
    UpkeepTask(
        endpoint="restart", icon="refresh", name="Khởi động lại", about="Chạy lại các phần của máy, hồ sơ giữ nguyên."
    ),
)
CHECK_OF = {"copies": "Bản sao", "certificate": "Chứng thư", "updates": "Bản của máy"}
"""Endpoint of a page -> name of the check that says its state."""


@technician.get("/upkeep")
@allow("technician")
def upkeep() -> str:
    """Show the pages of the upkeep."""
    results = {result.name: result for result in checks.look(context())}
    tasks = []
    for task in TASKS:
        result = results.get(CHECK_OF.get(task.endpoint, ""))
        words = result.words if result else _count_technicians() if task.endpoint == "people" else ""
        tasks.append((task, result.state if result else "ok", words))
    return render("technician/upkeep.html", tasks=tasks)


def _count_technicians() -> str:
    with context().store.read() as db:
        count = sum(person.role == "technician" and person.is_active for person in staff.list_all(db))
    return f"{count} người đang vào được"
