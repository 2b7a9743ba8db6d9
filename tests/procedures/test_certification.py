"""Certification: names of the ministry's records, and papers by situation."""

import textwrap

import pytest

from tests.procedures.texts import procedure

NAMES = {
    "2.000815": """
        Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam; cơ
        quan, tổ chức có thẩm quyền của nước ngoài; cơ quan, tổ chức có thẩm quyền của Việt Nam liên kết với
        cơ quan, tổ chức có thẩm quyền của nước ngoài cấp hoặc chứng nhận
    """,
    "2.000884": """
        Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho cả trường hợp chứng thực điểm chỉ và
        trường hợp người yêu cầu chứng thực không thể ký, không thể điểm chỉ được)
    """,
}
"""Names in decisions 3152/QĐ-BTP and 858/QĐ-BTP."""


@pytest.mark.parametrize("code", NAMES)
def test_names_are_full(code: str) -> None:
    assert procedure(code).name == " ".join(textwrap.dedent(NAMES[code]).split())
