"""Sentences of the audit trail: every act in Vietnamese, with its facts in words; the stored words stay beside them.

A name in braces is a fact of the line; `{subject}` is its subject. Codes of reasons and kinds become words by `WORDS`.
An act without a sentence is shown as it is stored; tests/project/test_audit_sentences.py finds it.
"""

import re
from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType

from kiosk.acts.correcting import REASON_LABELS as CORRECTION_REASONS
from kiosk.acts.telling_apart import ANSWERS
from kiosk.config.service_plan import PARTS
from kiosk.dossiers.certified_copies import CANCEL_REASONS
from kiosk.dossiers.copy_numbers import GAP_REASONS
from kiosk.pages.delivery_log import EVENT_NAMES
from kiosk.pages.officer.assist.turn import NAME_REASONS
from kiosk.pages.officer.case import fee_box, signature_rows
from kiosk.pages.officer.case.current_case import OPENING_REASONS
from kiosk.pages.officer.case.lookup import KEY_LABELS
from kiosk.pages.officer.case.own_data import REQUESTERS
from kiosk.pages.officer.case.status import WITHDRAWAL_REASONS
from kiosk.pages.officer.lead.people import ROLES
from kiosk.pages.officer.lead.plan import PART_NAMES
from kiosk.pages.officer.queue import priority
from kiosk.papers import fee as slips
from kiosk.records.audit import AuditFact, AuditLine

ACTORS = {
    "citizen": "người dân",
    "worker": "máy",
    "portal": "cổng",
    "bank": "ngân hàng",
    "cli": "dòng lệnh trên máy",
    "technician": "mật khẩu của máy",
    "screen": "màn hình",
    "unknown": "tên không có trong danh sách",
}
"""Actors that are no person of the staff."""

QUEUE = {
    "draw": "lấy số {label}",
    "return": "mang phiếu cũ quay lại, số {number} vào lại hàng",
    "call": "gọi số {number} tới quầy {counter}, {detail}",
    "recall": "gọi lại số {number} ở quầy {counter}",
    "served": "bắt đầu làm việc với số {number} ở quầy {counter}",
    "absent": "ghi số {number} gọi chưa thấy",
    "closed": "đóng số {number} vì gọi nhiều lần không thấy",
    "held": "giữ lại số {number}",
    "done": "làm xong số {number} ở quầy {counter}",
    "transferred": "chuyển số {number} sang {detail}",
    "put_back": "đưa số {number} từ quầy {counter} về hàng chờ, hồ sơ {receipt}",
    "priority": "ghi ưu tiên của số {number}: {detail}",
    "open": "mở quầy {subject}",
    "close": "đóng quầy {subject}",
    "help_call": "gọi cán bộ từ {screen}: {procedure} {step}",
    "help_seen": "thấy cuộc gọi từ {screen}: {procedure} {step}",
    "help": "trả lời cuộc gọi từ {screen}: {procedure} {step}",
    "help_open": "mở tại quầy tờ khai của {screen}: {procedure} {step}",
    "help_code": "lấy 4 số mới để mở {screen}",
    "help_end": "hết gọi ở {screen}, {ended_by}",
    "cover_opened": "mở màn hình che ở {screen} bằng 4 số của quầy",
    "cover_missed": "bấm sai 4 số của quầy ở {screen}",
}
STAFF = {
    "enlist": "thêm {subject} vào danh sách, vai trò {role}{detail}",
    "password": "đặt mật khẩu của {subject}, {detail}",
    "disable": "cho {subject} thôi vào",
    "enable": "cho {subject} vào lại",
    "role": "đổi vai trò của {subject}: {detail}",
    "sign_in": "đăng nhập",
    "sign_in_failed": "gõ sai mật khẩu của {subject}, lần {count}, từ địa chỉ {workstation}",
    "sign_out": "đăng xuất, {detail}",
    "lock": "khóa máy, {detail}",
    "unlock": "mở khóa",
    "unlock_failed": "gõ sai mã mở khóa, còn {detail} lần",
    "pin": "đặt mã mở khóa",
    "keep_unsent": "gõ dở khi phiên làm việc đã kết thúc: máy giữ lại cho người đó",
    "drop_unsent": "gửi tiếp hoặc bỏ một phần gõ dở đã giữ",
    "service_plan": "đổi {parts}, bản {revision}",
    "take_counter": "ngồi vào quầy {subject}, {displaced}",
    "take_counter_refused": "xin ngồi vào quầy {subject} đang có số {number}, hồ sơ {receipt}: máy không cho",
}  # nosec B105 # a name, no password
CASES = {
    "keep_form": "giữ tờ khai để khai tiếp sau, thủ tục {procedure}, đến hết {until}",
    "print_slip": "in phiếu của tờ khai giữ lại",
    "resume_form": "mở tờ khai giữ lại, thủ tục {procedure}, {reason}",
    "delete_form": "xóa tờ khai giữ lại, thủ tục {procedure}",
    "submit": "gửi tờ khai {receipt}, thủ tục {procedure}",
    "assist_begin": "bắt đầu khai giúp tại quầy, thủ tục {procedure}",
    "assist_take": "nhận khai tiếp một bản khai giúp của cán bộ khác",
    "assist_drop": "xóa một bản khai giúp chưa nộp",
    "look_up": "tra cứu {by} {number}, thấy {found} hồ sơ: {cases}",
    "open_case": "mở hồ sơ {receipt} không ở quầy, vì: {reason}",
    "close_case": "đóng hồ sơ đã mở",
    "export": "lấy cả hồ sơ {receipt} ra {format}, {detail}",
    "take_along": "lấy {subject} từ {from} đến {to}, {rows} dòng",
    "tick": "ghi giấy {paper}: {seen}, {copied}, {sheets}, {used}, {signed}",
    "note": "ghi chú vào hồ sơ",
    "see_beside": "xem tờ khai {receipt} bên cạnh {beside}, cùng một việc",
    "tell_apart": "ghi hai tờ {receipt} và {beside}: {answer}",
    "correct": "sửa tờ khai {receipt}, lần ghi {revision}, mục {keys}, vì: {reason}",
    "attach": "chụp giấy {paper}, {pages} trang, {signed}",
    "detach": "bỏ bản chụp giấy {paper}",
    "official_no": "ghi mã hồ sơ {number} cho {receipt}",
    "messages_agreed": "ghi đồng ý nhận tin nhắn về hồ sơ {receipt}",
    "messages_ended": "thôi nhắn tin về hồ sơ {receipt}",
    "accepted": "tiếp nhận hồ sơ {receipt}",
    "supplement": "yêu cầu bổ sung hồ sơ {receipt}, {lines} điều",
    "refused": "từ chối tiếp nhận hồ sơ {receipt}",
    "extended": "hẹn lại ngày trả hồ sơ {receipt}",
    "stopped": "dừng giải quyết hồ sơ {receipt}",
    "handed_out": "trả kết quả hồ sơ {receipt}",
    "undone": "hoàn tác trước khi báo lên cổng: {kind}, hồ sơ {receipt}",
    "reopened": "mở lại hồ sơ {receipt}, bỏ: {kind}",
    "service": "ghi lượt số {number}: {outcome}, sổ {register}, {amount} đồng, {method}",
    "service void": "hủy lượt đã ghi của số {number}, sổ {register}, {amount} đồng, vì: {reason}",
    "certified": "chứng thực hồ sơ {receipt}, số {numbers}, quyển {book}",
    "certified on": "ghi số cuối của sổ {book} trước khi khôi phục: {last}, máy biết đến {after}, năm {year}; {reason}",
    "certified begun": "ghi số cuối của sổ giấy {book} năm {year}: {last}, máy cấp số tiếp",
    "certified void": "hủy số chứng thực {number}, quyển {book}, của hồ sơ {receipt}, vì: {reason}",
    "reprint": "in lại một phiếu",
    "print_papers": "in {papers} giấy của hồ sơ {receipt} ở {printer}",
    "print_test": "in trang thử",
    "fee slip": "in phiếu thu",
    "fee asked": "ghi lệ phí {fee} phải thu: {amount} đồng, {reason}",
    "fee paid": "thu lệ phí {fee}: {amount} đồng, {method}",
    "fee waived": "miễn lệ phí {fee}, {reason} {exemption}",
    "fee void": "hủy khoản thu {fee}: {amount} đồng, vì: {reason}",
    "payment chosen": "chọn hồ sơ {receipt} cho khoản {amount} đồng mà ngân hàng báo, vì: {reason}",
    "payment choice undone": "bỏ chọn hồ sơ {receipt} cho khoản {amount} đồng mà ngân hàng báo",
    "refund due": "ghi phải trả lại {amount} đồng, khoản {subject}",
    "refund undone": "bỏ ghi phải trả lại {amount} đồng, khoản {subject}",
    "release": "cho gửi lại lên cổng",
    "withdraw": "rút khỏi hàng gửi, vì: {reason}",
    "scan_refused": "không nhận bản chụp giấy {paper}",
    "compare": "đối chiếu thủ tục {subject}, ý {fact}: {result}",
    "compare_clear": "bỏ dấu đối chiếu thủ tục {subject}, ý {fact}",
    "compare_keep": "giữ kết quả của phường, thủ tục {subject}, ý {fact}: {result}",
    "compare_take": "lấy theo {ward}, thủ tục {subject}, ý {fact}: {result}",
    "compare_export": "lấy tệp đối chiếu, {rows} ý",
    "compare_drop": "bỏ các dấu đối chiếu đã nhập của {ward}, {rows} ý",
    "compare_import": "nhập tệp đối chiếu của {ward}, {rows} ý, dùng được {used}",
    "draft_open": "mở tại quầy bản khai dở của người dân, thủ tục {procedure}, {reason}",
    "draft_take": "nhận bản khai dở mà {before} đang mở, thủ tục {procedure}",
    "draft_look_up": "tìm bản khai dở theo họ tên, thấy {found} bản",
    "own_data_shown": "cho {reason} xem dữ liệu: {forms} tờ khai chưa gửi, tờ khai đã gửi: {cases}",
    "own_data_deleted": "xóa theo yêu cầu của {reason}: {forms} tờ khai chưa nộp",
    "draft_end": "thôi khai giúp, trả bản khai về màn hình",
    "class_calls_seen": "xem danh sách chờ gọi học lớp, {rows} người",
    "class_call_missed": "gọi người chờ học lớp, tờ khai {receipt}: chưa gặp",
    "class_invited": "gọi người chờ học lớp, tờ khai {receipt}: xếp vào buổi {session}",
    "class_declined": "gọi người chờ học lớp, tờ khai {receipt}: thôi, không học nữa",
    "class_put_back": "đưa tờ khai {receipt} về danh sách chờ gọi học lớp",
    "portal_opened": "mở tờ khai {receipt} ở cổng tỉnh, tài khoản {login}, lúc {at}",
    "portal_trail": "thấy sổ việc của cổng tỉnh {loss}: đã giữ dòng {kept}, nay cổng có đến dòng {now}",
    "quarantine": "không nhận việc thứ {seq} của quầy",
}
MACHINE = {
    "confirm_time": "xác nhận ngày giờ của máy đúng",
    "send_now": "bấm gửi ngay",
    "stop_sending": "tạm dừng gửi",
    "go_on": "cho gửi tiếp",
    "retry": "thử gửi lại một tờ",
    "ask_audit": "hỏi lại cổng còn giữ đủ không",
    "held_queued": "xếp hàng gửi {forms} tờ khai nộp từ khi chưa có cổng",
    "carried_out": "chép ra USB {forms} tờ khai, {acts} việc của quầy",
    "carried_back": "đọc biên nhận từ USB: nhận {taken}, không nhận {refused}",
    "paper_seen": "trả lời phiếu in {subject} đã ra chưa: {out}",
    "paper_dropped": "bỏ phiếu in {subject}",
    "paper_moved": "đổi phiếu in {subject} sang máy in khác",
    "change_asked": "xin người phụ trách cho đổi: {values}",
    "change_agreed": "đồng ý đổi: {values}",
    "change_refused": "không đồng ý đổi: {values}",
    "change_found": "thấy cài đặt bị đổi không qua người phụ trách: {values}",
    "change_seen": "đã biết việc đổi: {values}",
    "printer_added": "thêm máy in {subject}",
    "printer_changed": "đổi cài đặt của máy in {subject}",
    "printer_calibrated": "căn chỉnh máy in {subject}",
    "printer_removed": "bỏ máy in {subject}",
    "renew_key": "xin đổi khóa của máy",
    "key_renewed": "đã đổi sang khóa mới",
    "screen_code": "tạo mã cho một màn hình",
    "screen_enrol": "ghi danh một màn hình",
    "screen_missed": "gõ sai mã ghi danh màn hình",
    "screen_refused": "mở màn hình từ địa chỉ mạng khác, bị chặn",
    "screen_revoke": "thôi dùng một màn hình",
    "screen_size": "ghi cỡ của một màn hình",
    "restore": "khôi phục kho từ bản sao {copy}",
    "recovery_paper": "lập giấy khôi phục mới",
    "standby_key": "cho máy dự phòng mở được bản sao",
    "recovery_tried": "diễn tập mở bản sao bằng giấy khôi phục",
    "copy_asked": "bấm sao lưu ngay",
    "backup_disk": "đặt ổ sao lưu: {detail}",
    "drill": "diễn tập khôi phục bản sao {copy}, {broken} tờ không mở được",
    "certificate": "gia hạn chứng thư của máy",
    "print_readiness": "in phiếu sẵn sàng",
    "settings": "đổi cài đặt của máy: {keys}",
    "connect_later": "để việc nối với thành phố lại sau",
    "scanner_tried": "thử đầu quét",
    "first_run": "mở máy mới cho người dân",
    "update_asked": "giao việc cập nhật phần mềm: {detail}",
    "restart_asked": "cho khởi động lại phần mềm của máy",
}
SENTENCES: Mapping[str, str] = {**QUEUE, **STAFF, **CASES, **MACHINE}

_DETAILS: Mapping[str, Mapping[str, str]] = {
    "password": {"given": "cấp lại", "own": "tự đổi"},
    "sign_out": {"idle": "để lâu không dùng", "start": "trang đầu của kiosk mở ra ở trình duyệt đó"},
    "lock": {"touch": "bấm nút", "idle": "để lâu không dùng"},
    "call": {"turn": "đến lượt", "priority": "ưu tiên", "waited": "chờ quá lâu", "chosen": "cán bộ chọn"},
    "export": {"declaration": "tờ khai", "separators": "tờ ngăn"},
    "backup_disk": {"format": "xóa hết ổ", "keep": "giữ mọi thứ trên ổ"},
    "update_asked": {"apply": "đổi sang bản mới", "back": "quay lại bản trước"},
    "enlist": ROLES,
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {str(kind): label for kind, label in EVENT_NAMES.items()},
    "outcome": {"waits": "chờ", "held": "giữ số", "asked": "chỉ hỏi", "done": "đã làm"},
    "by": {"work": "danh sách việc của mình"} | {str(key): label for key, label in KEY_LABELS.items()},
    "ended_by": {
        "citizen": "người dân thôi gọi hoặc rời máy",
        "officer": "cán bộ bấm xong",
        "timeout": "chờ quá lâu, máy cất tờ khai",
    },
    "role": ROLES,
    "loss": {"shorter": "bị cắt", "changed": "bị viết lại"},
    "answer": {str(answer): words for answer, words in ANSWERS.items()},
    "format": {"json": "tệp JSON", "qr": "mã QR", "pdf": "bản PDF"},
    "result": {"same": "đúng", "differs": "khác"},
    "method": {"cash": "tiền mặt", "transfer": "chuyển khoản"},
    "seen": {"True": "đã xem bản chính", "False": "chưa xem"},
    "copied": {"True": "đã giữ bản sao", "False": "không giữ bản sao"},
    "parts": {"none": "dãy số, quầy, giờ mở: dùng lại kiosk.toml"}
    | {
        " ".join(parts): "ở trang phụ trách: " + ", ".join(PART_NAMES[part] for part in parts)
        for count in (1, 2, 3)
        for parts in combinations(PARTS, count)
    },
    "signed": {str(verdict): words.lower() for verdict, words in signature_rows.SHORT.items()},
    "used": {"True": "dùng tệp ký số thay bản chính", "False": ""},
    "out": {"True": "đã ra", "False": "chưa ra"},
    "displaced": {"0": "", "1": "phiên ngồi trước rời quầy", "2": "hai phiên ngồi trước rời quầy"},
}
_REASONS: Mapping[str, Mapping[str, str]] = {
    "open_case": {str(key): label for key, label in OPENING_REASONS.items()},
    "draft_open": NAME_REASONS,
    "draft_take": NAME_REASONS,
    "resume_form": NAME_REASONS,
    "correct": {str(key): label for key, label in CORRECTION_REASONS.items()},
    "own_data_shown": REQUESTERS,
    "own_data_deleted": REQUESTERS,
    "withdraw": {str(key): label for key, label in WITHDRAWAL_REASONS.items()},
    "fee void": slips.VOID_REASONS,
    "service void": slips.VOID_REASONS,
    "certified on": {str(key): label for key, label in GAP_REASONS.items()},
    "certified void": {str(key): label for key, label in CANCEL_REASONS.items()},
    "fee asked": fee_box.REASONS,
    "fee waived": fee_box.REASONS,
}
_SUBJECTS = {
    "technician": "máy",
    "unknown": "một tên không có",
    "register pdf": "sổ theo dõi (PDF)",
    "register xlsx": "sổ theo dõi (bảng tính)",
    "copies pdf": "sổ chứng thực (PDF)",
    "copies xlsx": "sổ chứng thực (bảng tính)",
    "figures pdf": "bảng số liệu (PDF)",
    "cash pdf": "bảng thu tiền (PDF)",
    "cash xlsx": "bảng thu tiền (bảng tính)",
    "trail xlsx": "nhật ký (bảng tính)",
    "figures xlsx": "bảng số liệu (bảng tính)",
    "opinions pdf": "ý kiến người dân (PDF)",
    "opinions xlsx": "ý kiến người dân (bảng tính)",
    "pages xlsx": "số liệu trang khai (bảng tính)",
    "class xlsx": "danh sách lớp (bảng tính)",
    "class pdf": "giấy xác nhận đã học (PDF)",
}


def sentence(line: AuditLine) -> str:
    """Return what was done, in words; the stored word for an act without a sentence."""
    template = SENTENCES.get(line.act)
    if template is None:
        return line.act
    subject = _SUBJECTS.get(line.subject, line.subject.removeprefix("counter "))
    values = {name: _words(line.act, name, value) for name, value in line.facts.items()}
    values |= {"subject": subject, "label": _label(line.facts)}
    filled = re.sub(r"\{([a-z_]+)\}", lambda match: values.get(match[1], ""), template)
    # A fact that is empty leaves its comma or colon behind.
    return re.sub(r"[\s,:]+$", "", re.sub(r"(?:, )+(?=, )|\s+(?=[ ,:])", "", filled))


def actor(code: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return an actor in words: a person's name with the code, if it is known."""
    if code in names:
        return f"{names[code]} ({code})"
    return ACTORS.get(code, code)


def act_name(act: str) -> str:
    """Return an act in a few words, for a list of acts: its sentence without the facts."""
    template = SENTENCES.get(act, act)
    words = re.sub(r"\{[a-z_]+\}", "…", template)
    return re.sub(r"[\s,:…]+$", "", words)


def _words(act: str, name: str, value: AuditFact) -> str:
    if value is None:
        return ""
    text = str(value)
    if name == "detail":
        return _detail(act, text)
    known = _REASONS.get(act, {}) if name == "reason" else WORDS.get(name, {})
    return known.get(text, text)


def _detail(act: str, text: str) -> str:
    if act == "priority":
        group, _, reason = text.partition("/")
        return f"{priority.GROUPS.get(group, 'không')}, {priority.REASONS.get(reason, 'tự khai')}"
    if act == "transferred":
        return f"quầy {text}" if text.isascii() and text.isdigit() else f"hàng {text}"
    if act == "role":
        return " thành ".join(ROLES.get(role, role) for role in text.split("/"))
    return _DETAILS.get(act, {}).get(text, text)


def _label(facts: Mapping[str, AuditFact]) -> str:
    """Return the label of a drawn ticket, which is stored as series and number."""
    number = facts.get("number")
    return f"{facts.get('series', '')}{number:03d}" if isinstance(number, int) else ""
