/* Addresses and field names of the pages that the helper fills; a row is in the order in which it is filled. */

export default {
  "asOf": "2026-11-30",
  "desks": ["http://127.0.0.1:8000/officer/", "http://localhost:8000/officer/"],
  "around": ["https://dichvucongnganhtuphap.moj.gov.vn/"],
  "pages": [
    {
      "id": "nop_ho_so",
      "addresses": ["https://dichvucong.gov.vn/nop-ho-so"],
      "attribute": "data-name",
      "procedures": {
        "1.001193": [
          {
            "from": "portal.QuanHe",
            "name": "citizenQuanhevoinguoiduockhaisinh",
            "title": "Quan hệ",
            "rebuilds": true
          },
          {"from": "portal.LoaiDangKy", "name": "citizenLoaiDangKy", "title": "Loại đăng ký", "rebuilds": true},
          {
            "from": "portal.nksLoaiKhaiSinh",
            "name": "citizenLoaikhaisinh_NgdcKS",
            "title": "Loại khai sinh",
            "rebuilds": true
          },
          {"from": "justice.nksHoTen", "name": "citizenHoVaTen_NgdcKS", "title": "Người được khai sinh: họ tên"},
          {
            "from": "justice.nksNgaySinh",
            "name": "citizenNgaythangnamsinh_NgdcKS",
            "title": "Người được khai sinh: ngày sinh"
          },
          {
            "from": "justice.nksGioiTinh",
            "name": "citizenGioitinh_NgdcKS",
            "title": "Người được khai sinh: giới tính"
          },
          {
            "from": "justice.nksQuocTich",
            "name": "citizenQuoctich_NgdcKS",
            "title": "Người được khai sinh: quốc tịch"
          },
          {"from": "justice.nksDanToc", "name": "citizenDanToc_NgdcKS", "title": "Người được khai sinh: dân tộc"},
          {"from": "justice.nksNoiSinh", "name": "", "title": "Nơi sinh", "byHand": true},
          {"from": "justice.nksQueQuan", "name": "", "title": "Quê quán", "byHand": true},
          {"from": "justice.meHoTen", "name": "citizenNDK_HoVaTen", "title": "Mẹ: họ tên"},
          {
            "from": "justice.meSoGiayToTuyThan",
            "name": "citizenNDK_SoDinhDanh",
            "title": "Mẹ: số định danh",
            "kind": "digits"
          },
          {
            "from": "justice.meNgaySinh",
            "name": "citizenNDK_NgaySinh",
            "title": "Mẹ: ngày sinh",
            "kind": "full-date",
            "rebuilds": true
          },
          {"from": "justice.meQuocTich", "name": "citizenQuoctich_me", "title": "Mẹ: quốc tịch"},
          {"from": "justice.meDanToc", "name": "citizenDanToc_me", "title": "Mẹ: dân tộc"},
          {"from": "justice.meLoaiGiayToTuyThan", "name": "citizenLoaiGiaytotuythan_me", "title": "Mẹ: loại giấy tờ"},
          {"from": "justice.meSoGiayToTuyThan", "name": "citizenSoGiayToTuyThan_me", "title": "Mẹ: số giấy tờ"},
          {
            "from": "portal.NgayCapDDMe",
            "name": "citizenNgaythangnamcap__me",
            "title": "Mẹ: ngày cấp",
            "kind": "full-date"
          },
          {"from": "portal.NoiCapDDMe", "name": "citizenCoquancap_me", "title": "Mẹ: cơ quan cấp"},
          {"from": "justice.meNoiCuTru", "name": "", "title": "Mẹ: nơi cư trú", "byHand": true},
          {"from": "justice.chaHoTen", "name": "citizenNDK_HoVaTenCha", "title": "Cha: họ tên"},
          {
            "from": "justice.chaSoGiayToTuyThan",
            "name": "citizenNDK_SoDinhDanhCha",
            "title": "Cha: số định danh",
            "kind": "digits"
          },
          {
            "from": "justice.chaNgaySinh",
            "name": "citizenNDK_NgaySinhCha",
            "title": "Cha: ngày sinh",
            "kind": "full-date",
            "rebuilds": true
          },
          {"from": "justice.chaQuocTich", "name": "citizenQuoctich_cha", "title": "Cha: quốc tịch"},
          {"from": "justice.chaDanToc", "name": "citizenDanToc_cha", "title": "Cha: dân tộc"},
          {
            "from": "justice.chaLoaiGiayToTuyThan",
            "name": "citizenField24",
            "title": "Cha: loại giấy tờ",
            "label": "Loại giấy tờ"
          },
          {"from": "justice.chaSoGiayToTuyThan", "name": "citizenSoGiayToTuyThan_cha", "title": "Cha: số giấy tờ"},
          {
            "from": "portal.NgayCapDDCha",
            "name": "citizenNgaythangnamcap__cha",
            "title": "Cha: ngày cấp",
            "kind": "full-date"
          },
          {"from": "portal.NoiCapDDCha", "name": "citizenCoquancap_cha", "title": "Cha: cơ quan cấp"},
          {"from": "justice.chaNoiCuTru", "name": "", "title": "Cha: nơi cư trú", "byHand": true},
          {"from": "justice.soLuongBanSao", "name": "citizenSoluongbansao", "title": "Số lượng bản sao"}
        ],
        "1.000656": [
          {"from": "justice.nycQuanHe", "name": "citizenmoiquanhe", "title": "Quan hệ", "rebuilds": true},
          {"from": "justice.nktHoTen", "name": "citizenNDK_HoVaTen", "title": "Người chết: họ tên"},
          {
            "from": "portal.SoDinhDanh",
            "name": "citizenNDK_SoDinhDanh",
            "title": "Người chết: số định danh",
            "kind": "digits"
          },
          {
            "from": "justice.nktNgaySinh",
            "name": "citizenNDK_NgaySinh",
            "title": "Người chết: ngày sinh",
            "rebuilds": true
          },
          {"from": "justice.nktGioiTinh", "name": "citizenGioitinh_NgdcKT", "title": "Người chết: giới tính"},
          {"from": "justice.nktDanToc", "name": "citizenDantoc_NgdcKT", "title": "Người chết: dân tộc"},
          {"from": "portal.loaiDangKy", "name": "citizenNDKLoaidangky", "title": "Loại đăng ký", "rebuilds": true},
          {"from": "justice.nktQuocTich", "name": "citizenQuoctich_NgdcKT", "title": "Người chết: quốc tịch"},
          {
            "from": "justice.nktLoaiGiayToTuyThan",
            "name": "citizenLoaiGiaytotuythan_NgdcKT",
            "title": "Người chết: loại giấy tờ"
          },
          {
            "from": "justice.nktSoGiayToTuyThan",
            "name": "citizenSogiaytotuythan_NgdcKT",
            "title": "Người chết: số giấy tờ"
          },
          {
            "from": "portal.NgayCapDD",
            "name": "citizenField19",
            "title": "Người chết: ngày cấp",
            "label": "Ngày cấp",
            "kind": "full-date"
          },
          {"from": "portal.NoiCapDD", "name": "citizenNoicapgiaytotuythan_NgdcKT", "title": "Người chết: nơi cấp"},
          {
            "from": "justice.nktNgayChet",
            "name": "citizenField56",
            "title": "Ngày chết",
            "label": "Ngày chết",
            "kind": "full-date"
          },
          {"from": "portal.GioMat", "name": "citizenGiomat", "title": "Giờ chết"},
          {"from": "portal.PhutMat", "name": "citizenPhutmat", "title": "Phút chết"},
          {"from": "justice.nktNoiCuTru", "name": "", "title": "Nơi cư trú cuối cùng", "byHand": true},
          {"from": "justice.nktNoiChet", "name": "", "title": "Nơi chết", "byHand": true},
          {"from": "justice.nktNguyenNhanChet", "name": "citizenNguyennhanchet_NgdcKT", "title": "Nguyên nhân chết"},
          {"from": "justice.gbtLoai", "name": "citizenLoaigiaybaotu", "title": "Giấy báo tử: loại"},
          {"from": "justice.gbtSo", "name": "citizenSogiaybaotu_NgdcKT", "title": "Giấy báo tử: số"},
          {
            "from": "justice.gbtNgay",
            "name": "citizenNgaythangnamcapgiaybaotu",
            "title": "Giấy báo tử: ngày cấp",
            "kind": "full-date"
          },
          {
            "from": "justice.gbtCoQuanCap",
            "name": "citizenCoquancapgiaybaotucochuthichneukhongcothidetrong",
            "title": "Giấy báo tử: cơ quan cấp"
          }
        ],
        "2.000635": [
          {"from": "portal.NDK_HoVaTen", "name": "citizenNDK_HoVaTen", "title": "Người được đăng ký: họ tên"},
          {
            "from": "portal.NDK_SoDinhDanh",
            "name": "citizenNDK_SoDinhDanh",
            "title": "Người được đăng ký: số định danh",
            "kind": "digits"
          },
          {
            "from": "portal.NDK_NgaySinh",
            "name": "citizenNDK_NgaySinh",
            "title": "Người được đăng ký: ngày sinh",
            "rebuilds": true
          },
          {
            "from": "portal.NDK_GioiTinh",
            "name": "citizenField13",
            "title": "Người được đăng ký: giới tính",
            "label": "Giới tính"
          },
          {
            "from": "portal.NDK_DanToc",
            "name": "citizenField32",
            "title": "Người được đăng ký: dân tộc",
            "label": "Dân tộc"
          },
          {
            "from": "portal.NDK_NgayCap",
            "name": "citizenNDK_NgayCap",
            "title": "Người được đăng ký: ngày cấp",
            "kind": "full-date"
          },
          {"from": "portal.NDK_NoiCap", "name": "citizenNDK_NoiCap", "title": "Người được đăng ký: nơi cấp"},
          {"from": "portal.NDK_NoiCuTru", "name": "", "title": "Người được đăng ký: nơi cư trú", "byHand": true},
          {"from": "portal.HoSo_CoQuanDangKy", "name": "citizenHoSo_CoQuanDangKy", "title": "Cơ quan đã đăng ký"},
          {"from": "portal.HoSo_TenGiayTo", "name": "citizenTenGiayToHoTich", "title": "Tên giấy tờ hộ tịch"},
          {"from": "portal.HoSo_So", "name": "citizencauhoi3", "title": "Số đăng ký"},
          {"from": "portal.HoSo_QuyenSo", "name": "citizencauhoi4", "title": "Quyển số"},
          {"from": "portal.HoSo_NgayCapSo", "name": "citizencauhoi5", "title": "Ngày đăng ký", "kind": "full-date"}
        ],
        "1.004859": [
          {"from": "portal.ntdHoTen", "name": "citizenNDKHoTen", "title": "Người thay đổi: họ tên"},
          {
            "from": "portal.ntdSoDDCN",
            "name": "citizenNDKSodinhdanh",
            "title": "Người thay đổi: số định danh",
            "kind": "digits"
          },
          {
            "from": "portal.ntdNgaySinh",
            "name": "citizenNDK_NgaySinh",
            "title": "Người thay đổi: ngày sinh",
            "rebuilds": true
          },
          {"from": "portal.ntdGioiTinh", "name": "citizenNDKGioitinh", "title": "Người thay đổi: giới tính"},
          {"from": "portal.ntdDanToc", "name": "citizenNDKDantoc", "title": "Người thay đổi: dân tộc"},
          {
            "from": "portal.ntdNgayCapGiayToTuyThan",
            "name": "citizenNDKNgaycapgiaytotuythan",
            "title": "Người thay đổi: ngày cấp",
            "kind": "full-date"
          },
          {
            "from": "portal.ntdNoiCapGiayToTuyThan",
            "name": "citizenNDKCoquancap",
            "title": "Người thay đổi: nơi cấp"
          },
          {"from": "portal.ntdNoiCuTru", "name": "", "title": "Người thay đổi: nơi cư trú", "byHand": true},
          {"from": "portal.soDangKyHSGoc", "name": "citizenTTSodangkyhosogoc", "title": "Số đăng ký"},
          {"from": "portal.quyenDangKyHSGoc", "name": "citizenTTQuyensodangkyhosogoc", "title": "Quyển số"},
          {
            "from": "portal.ngayDangKyHSGoc",
            "name": "citizenTTngayDangKyHSGoc",
            "title": "Ngày đăng ký",
            "kind": "full-date"
          },
          {"from": "portal.noiDangKyHSGoc", "name": "citizenTTNoidangkyhosogoc", "title": "Nơi đăng ký"}
        ]
      }
    },
    {
      "id": "moj_eform",
      "addresses": ["https://tokhaidientu.moj.gov.vn/e-form/"],
      "attribute": "name",
      "procedures": {
        "1.000656": [
          {
            "from": "portal.QuanHe",
            "name": "QuanHe",
            "title": "Người yêu cầu: quan hệ với người được khai tử",
            "label": "Quan hệ với người được khai tử"
          },
          {"from": "portal.loaiDangKy", "name": "", "title": "Người đã chết: loại đăng ký", "byHand": true},
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanhC",
            "name": "SoGiayToDinhDanhC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.HoTen",
            "name": "HoTen",
            "title": "Người đã chết: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinh",
            "name": "NgaySinh",
            "title": "Người đã chết: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh"
          },
          {"from": "portal.GioiTinh", "name": "", "title": "Người đã chết: giới tính", "byHand": true},
          {"from": "portal.nktDanToc", "name": "", "title": "Người đã chết: dân tộc", "byHand": true},
          {"from": "portal.nktQuocTich", "name": "", "title": "Người đã chết: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh",
            "name": "SoDinhDanh",
            "title": "Người đã chết: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh",
            "name": "",
            "title": "Người đã chết: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh",
            "name": "SoGiayToDinhDanh",
            "title": "Người đã chết: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD",
            "name": "NgayCapDD",
            "title": "Người đã chết: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD",
            "name": "NoiCapDD",
            "title": "Người đã chết: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nktNoiCuTru", "name": "", "title": "Người đã chết: nơi cư trú cuối cùng", "byHand": true},
          {
            "from": "portal.NgayMat",
            "name": "NgayMat",
            "title": "Người đã chết: ngày chết",
            "label": "Ngày chết",
            "kind": "date-or-year"
          },
          {"from": "portal.GioMat", "name": "GioMat", "title": "Người đã chết: giờ", "label": "Giờ"},
          {"from": "portal.PhutMat", "name": "PhutMat", "title": "Người đã chết: phút", "label": "Phút"},
          {"from": "portal.nktNoiChet", "name": "", "title": "Người đã chết: nơi chết", "byHand": true},
          {
            "from": "portal.NguyenNhanMat",
            "name": "NguyenNhanMat",
            "title": "Người đã chết: nguyên nhân chết",
            "label": "Nguyên nhân chết (nếu chưa xác định được/chưa rõ thì để trống)"
          },
          {
            "from": "portal.gbtLoai",
            "name": "",
            "title": "Giấy báo tử: giấy báo tử/Giấy tờ thay thế giấy báo tử",
            "byHand": true
          },
          {"from": "portal.gbtSo", "name": "gbtSo", "title": "Giấy báo tử: số", "label": "Số"},
          {
            "from": "portal.gbtNgay",
            "name": "gbtNgay",
            "title": "Giấy báo tử: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.gbtCoQuanCap",
            "name": "gbtCoQuanCap",
            "title": "Giấy báo tử: nơi cấp",
            "label": "Nơi cấp"
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.000894": [
          {"from": "portal.loaiDangKy", "name": "", "title": "Bên nam: loại đăng ký", "byHand": true},
          {
            "from": "portal.HoTenBenNu",
            "name": "HoTenBenNu",
            "title": "Bên nữ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhBenNu",
            "name": "NgaySinhBenNu",
            "title": "Bên nữ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.DanTocBenNu", "name": "", "title": "Bên nữ: dân tộc", "byHand": true},
          {"from": "portal.QuocTichBenNu", "name": "", "title": "Bên nữ: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNu",
            "name": "SoDinhDanh_BenNu",
            "title": "Bên nữ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh_BenNu",
            "name": "",
            "title": "Bên nữ: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh_BenNu",
            "name": "SoGiayToDinhDanh_BenNu",
            "title": "Bên nữ: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD_BenNu",
            "name": "NgayCapDD_BenNu",
            "title": "Bên nữ: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD_BenNu",
            "name": "NoiCapDD_BenNu",
            "title": "Bên nữ: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NoiCuTru_BenNu", "name": "", "title": "Bên nữ: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoLanKetHon_BenNu",
            "name": "SoLanKetHon_BenNu",
            "title": "Bên nữ: kết hôn lần thứ mấy",
            "label": "Kết hôn lần thứ mấy"
          },
          {
            "from": "portal.LoaiTinhTrangHonNhan_BenNu",
            "name": "",
            "title": "Bên nữ: tình trạng hôn nhân",
            "byHand": true
          },
          {
            "from": "portal.HoTenBenNam",
            "name": "HoTenBenNam",
            "title": "Bên nam: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhBenNam",
            "name": "NgaySinhBenNam",
            "title": "Bên nam: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.DanTocBenNam", "name": "", "title": "Bên nam: dân tộc", "byHand": true},
          {"from": "portal.QuocTichBenNam", "name": "", "title": "Bên nam: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNam",
            "name": "SoDinhDanh_BenNam",
            "title": "Bên nam: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh_BenNam",
            "name": "",
            "title": "Bên nam: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh_BenNam",
            "name": "SoGiayToDinhDanh_BenNam",
            "title": "Bên nam: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD_BenNam",
            "name": "NgayCapDD_BenNam",
            "title": "Bên nam: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD_BenNam",
            "name": "NoiCapDD_BenNam",
            "title": "Bên nam: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NoiCuTru_BenNam", "name": "", "title": "Bên nam: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoLanKetHon_BenNam",
            "name": "SoLanKetHon_BenNam",
            "title": "Bên nam: kết hôn lần thứ mấy",
            "label": "Kết hôn lần thứ mấy"
          },
          {
            "from": "portal.LoaiTinhTrangHonNhan_BenNam",
            "name": "",
            "title": "Bên nam: tình trạng hôn nhân",
            "byHand": true
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.001022": [
          {"from": "portal.LoaiDangKy", "name": "", "title": "Người yêu cầu: loại đăng ký", "byHand": true},
          {"from": "portal.loaiXacNhan", "name": "", "title": "Người yêu cầu: loại xác nhận", "byHand": true},
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanhC",
            "name": "SoGiayToDinhDanhC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {
            "from": "portal.DiaChiC",
            "name": "",
            "title": "Người yêu cầu: nơi cư trú (ghi số nhà trước, rồi chọn tỉnh, xã)",
            "byHand": true
          },
          {
            "from": "portal.nycSoDienThoai",
            "name": "nycSoDienThoai",
            "title": "Người yêu cầu: số điện thoại",
            "label": "Số điện thoại"
          },
          {
            "from": "portal.HotenA",
            "name": "HotenA",
            "title": "Cha, mẹ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.ngaysinhA",
            "name": "ngaysinhA",
            "title": "Cha, mẹ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.gioitinhA", "name": "", "title": "Cha, mẹ: giới tính", "byHand": true},
          {"from": "portal.dantocA", "name": "", "title": "Cha, mẹ: dân tộc", "byHand": true},
          {"from": "portal.quoctichA", "name": "", "title": "Cha, mẹ: quốc tịch", "byHand": true},
          {
            "from": "portal.sodinhdanhA",
            "name": "sodinhdanhA",
            "title": "Cha, mẹ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.loaigiaytoA", "name": "", "title": "Cha, mẹ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.sogiaytodinhdanhA", "name": "sogiaytodinhdanhA", "title": "Cha, mẹ: số", "label": "Số"},
          {
            "from": "portal.ngaycapA",
            "name": "ngaycapA",
            "title": "Cha, mẹ: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapA", "name": "NoiCapA", "title": "Cha, mẹ: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.noicutruA", "name": "", "title": "Cha, mẹ: nơi cư trú", "byHand": true},
          {
            "from": "portal.hotenB",
            "name": "hotenB",
            "title": "Người con: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.ngaysinhB",
            "name": "ngaysinhB",
            "title": "Người con: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.gioitinhB", "name": "", "title": "Người con: giới tính", "byHand": true},
          {"from": "portal.dantocB", "name": "", "title": "Người con: dân tộc", "byHand": true},
          {"from": "portal.quoctichB", "name": "", "title": "Người con: quốc tịch", "byHand": true},
          {
            "from": "portal.sodinhdanhB",
            "name": "sodinhdanhB",
            "title": "Người con: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.loaigiaytoB", "name": "", "title": "Người con: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.sogiaytodinhdanhB", "name": "sogiaytodinhdanhB", "title": "Người con: số", "label": "Số"},
          {
            "from": "portal.ngaycapB",
            "name": "ngaycapB",
            "title": "Người con: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.noicapB", "name": "noicapB", "title": "Người con: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.noicutruB", "name": "", "title": "Người con: nơi cư trú", "byHand": true},
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.001193": [
          {
            "from": "portal.QuanHe",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được khai sinh",
            "byHand": true
          },
          {"from": "portal.LoaiDangKy", "name": "", "title": "Người được khai sinh: loại đăng ký", "byHand": true},
          {
            "from": "portal.nksLoaiKhaiSinh",
            "name": "",
            "title": "Người được khai sinh: loại khai sinh",
            "byHand": true
          },
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanhC",
            "name": "SoGiayToDinhDanhC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.HoTenKS",
            "name": "HoTenKS",
            "title": "Người được khai sinh: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhChon",
            "name": "NgaySinhChon",
            "title": "Người được khai sinh: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh"
          },
          {"from": "portal.GioiTinhKS", "name": "", "title": "Người được khai sinh: giới tính", "byHand": true},
          {"from": "portal.DanTocKS", "name": "", "title": "Người được khai sinh: dân tộc", "byHand": true},
          {"from": "portal.QuocTichKS", "name": "", "title": "Người được khai sinh: quốc tịch", "byHand": true},
          {"from": "portal.nksNoiSinh", "name": "", "title": "Người được khai sinh: nơi sinh", "byHand": true},
          {"from": "portal.nksQueQuan", "name": "", "title": "Người được khai sinh: quê quán", "byHand": true},
          {
            "from": "portal.HoTenMeKS",
            "name": "HoTenMeKS",
            "title": "Mẹ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhMeKS",
            "name": "NamSinhMeKS",
            "title": "Mẹ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhMe",
            "name": "SoDinhDanhMe",
            "title": "Mẹ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhMe", "name": "", "title": "Mẹ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhMe", "name": "SoGiayToDinhDanhMe", "title": "Mẹ: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDMe",
            "name": "NgayCapDDMe",
            "title": "Mẹ: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDMe", "name": "NoiCapDDMe", "title": "Mẹ: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocMeKS", "name": "", "title": "Mẹ: dân tộc", "byHand": true},
          {"from": "portal.QuocTichMeKS", "name": "", "title": "Mẹ: quốc tịch", "byHand": true},
          {"from": "portal.MeNoiCuTru", "name": "", "title": "Mẹ: nơi cư trú của mẹ", "byHand": true},
          {
            "from": "portal.HoTenChaKS",
            "name": "HoTenChaKS",
            "title": "Cha: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhChaKS",
            "name": "NamSinhChaKS",
            "title": "Cha: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhCha",
            "name": "SoDinhDanhCha",
            "title": "Cha: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhCha", "name": "", "title": "Cha: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhCha", "name": "SoGiayToDinhDanhCha", "title": "Cha: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDCha",
            "name": "NgayCapDDCha",
            "title": "Cha: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDCha", "name": "NoiCapDDCha", "title": "Cha: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocChaKS", "name": "", "title": "Cha: dân tộc", "byHand": true},
          {"from": "portal.QuocTichChaKS", "name": "", "title": "Cha: quốc tịch", "byHand": true},
          {"from": "portal.ChaNoiCuTru", "name": "", "title": "Cha: nơi cư trú", "byHand": true},
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.004746": [
          {"from": "portal.loaiDangKy", "name": "", "title": "Bên nam: loại đăng ký", "byHand": true},
          {
            "from": "portal.HoTenBenNu",
            "name": "HoTenBenNu",
            "title": "Bên nữ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhBenNu",
            "name": "NgaySinhBenNu",
            "title": "Bên nữ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.DanTocBenNu", "name": "", "title": "Bên nữ: dân tộc", "byHand": true},
          {"from": "portal.QuocTichBenNu", "name": "", "title": "Bên nữ: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNu",
            "name": "SoDinhDanh_BenNu",
            "title": "Bên nữ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh_BenNu",
            "name": "",
            "title": "Bên nữ: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh_BenNu",
            "name": "SoGiayToDinhDanh_BenNu",
            "title": "Bên nữ: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD_BenNu",
            "name": "NgayCapDD_BenNu",
            "title": "Bên nữ: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD_BenNu",
            "name": "NoiCapDD_BenNu",
            "title": "Bên nữ: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NoiCuTru_BenNu", "name": "", "title": "Bên nữ: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoLanKetHon_BenNu",
            "name": "SoLanKetHon_BenNu",
            "title": "Bên nữ: kết hôn lần thứ mấy",
            "label": "Kết hôn lần thứ mấy"
          },
          {
            "from": "portal.LoaiTinhTrangHonNhan_BenNu",
            "name": "",
            "title": "Bên nữ: tình trạng hôn nhân",
            "byHand": true
          },
          {
            "from": "portal.HoTenBenNam",
            "name": "HoTenBenNam",
            "title": "Bên nam: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhBenNam",
            "name": "NgaySinhBenNam",
            "title": "Bên nam: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.DanTocBenNam", "name": "", "title": "Bên nam: dân tộc", "byHand": true},
          {"from": "portal.QuocTichBenNam", "name": "", "title": "Bên nam: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNam",
            "name": "SoDinhDanh_BenNam",
            "title": "Bên nam: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh_BenNam",
            "name": "",
            "title": "Bên nam: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh_BenNam",
            "name": "SoGiayToDinhDanh_BenNam",
            "title": "Bên nam: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD_BenNam",
            "name": "NgayCapDD_BenNam",
            "title": "Bên nam: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD_BenNam",
            "name": "NoiCapDD_BenNam",
            "title": "Bên nam: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NoiCuTru_BenNam", "name": "", "title": "Bên nam: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoLanKetHon_BenNam",
            "name": "SoLanKetHon_BenNam",
            "title": "Bên nam: kết hôn lần thứ mấy",
            "label": "Kết hôn lần thứ mấy"
          },
          {
            "from": "portal.LoaiTinhTrangHonNhan_BenNam",
            "name": "",
            "title": "Bên nam: tình trạng hôn nhân",
            "byHand": true
          },
          {
            "from": "portal.noiDangKyTruocDay",
            "name": "",
            "title": "Đã đăng ký: tên đơn vị hành chính đăng ký kết hôn trước đây",
            "byHand": true
          },
          {
            "from": "portal.ngayDangKyTruocDay",
            "name": "ngayDangKyTruocDay",
            "title": "Đã đăng ký: ngày đăng ký kết hôn trước đây",
            "label": "Ngày đăng ký kết hôn trước đây",
            "kind": "date-parts"
          },
          {
            "from": "portal.soDangKyTruocDay",
            "name": "soDangKyTruocDay",
            "title": "Đã đăng ký: số đăng ký kết hôn trước đây",
            "label": "Số đăng ký kết hôn trước đây"
          },
          {
            "from": "portal.quyenDangKyTruocDay",
            "name": "quyenDangKyTruocDay",
            "title": "Đã đăng ký: quyển số đăng ký kết hôn trước đây",
            "label": "Quyển số đăng ký kết hôn trước đây"
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.004772": [
          {
            "from": "portal.QuanHe",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được khai sinh",
            "byHand": true
          },
          {"from": "portal.LoaiDangKy", "name": "", "title": "Người được khai sinh: loại đăng ký", "byHand": true},
          {
            "from": "portal.nksLoaiKhaiSinh",
            "name": "",
            "title": "Người được khai sinh: loại khai sinh",
            "byHand": true
          },
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanhC",
            "name": "SoGiayToDinhDanhC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.HoTenKS",
            "name": "HoTenKS",
            "title": "Người được khai sinh: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhChon",
            "name": "NgaySinhChon",
            "title": "Người được khai sinh: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh"
          },
          {"from": "portal.GioiTinhKS", "name": "", "title": "Người được khai sinh: giới tính", "byHand": true},
          {"from": "portal.DanTocKS", "name": "", "title": "Người được khai sinh: dân tộc", "byHand": true},
          {"from": "portal.QuocTichKS", "name": "", "title": "Người được khai sinh: quốc tịch", "byHand": true},
          {"from": "portal.nksNoiSinh", "name": "", "title": "Người được khai sinh: nơi sinh", "byHand": true},
          {"from": "portal.nksQueQuan", "name": "", "title": "Người được khai sinh: quê quán", "byHand": true},
          {
            "from": "portal.HoTenMeKS",
            "name": "HoTenMeKS",
            "title": "Mẹ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhMeKS",
            "name": "NamSinhMeKS",
            "title": "Mẹ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhMe",
            "name": "SoDinhDanhMe",
            "title": "Mẹ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhMe", "name": "", "title": "Mẹ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhMe", "name": "SoGiayToDinhDanhMe", "title": "Mẹ: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDMe",
            "name": "NgayCapDDMe",
            "title": "Mẹ: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDMe", "name": "NoiCapDDMe", "title": "Mẹ: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocMeKS", "name": "", "title": "Mẹ: dân tộc", "byHand": true},
          {"from": "portal.QuocTichMeKS", "name": "", "title": "Mẹ: quốc tịch", "byHand": true},
          {"from": "portal.MeNoiCuTru", "name": "", "title": "Mẹ: nơi cư trú của mẹ", "byHand": true},
          {
            "from": "portal.HoTenChaKS",
            "name": "HoTenChaKS",
            "title": "Cha: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhChaKS",
            "name": "NamSinhChaKS",
            "title": "Cha: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhCha",
            "name": "SoDinhDanhCha",
            "title": "Cha: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhCha", "name": "", "title": "Cha: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhCha", "name": "SoGiayToDinhDanhCha", "title": "Cha: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDCha",
            "name": "NgayCapDDCha",
            "title": "Cha: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDCha", "name": "NoiCapDDCha", "title": "Cha: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocChaKS", "name": "", "title": "Cha: dân tộc", "byHand": true},
          {"from": "portal.QuocTichChaKS", "name": "", "title": "Cha: quốc tịch", "byHand": true},
          {"from": "portal.ChaNoiCuTru", "name": "", "title": "Cha: nơi cư trú", "byHand": true},
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.004837": [
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {
            "from": "portal.TT_SoNhaToDanPhoC",
            "name": "",
            "title": "Người yêu cầu: nơi cư trú (ghi số nhà trước, rồi chọn tỉnh, xã)",
            "byHand": true
          },
          {
            "from": "portal.hotenA",
            "name": "hotenA",
            "title": "Người giám hộ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.ngaysinhA",
            "name": "ngaysinhA",
            "title": "Người giám hộ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.gioitinhA", "name": "", "title": "Người giám hộ: giới tính", "byHand": true},
          {"from": "portal.dantocA", "name": "", "title": "Người giám hộ: dân tộc", "byHand": true},
          {"from": "portal.quoctichA", "name": "", "title": "Người giám hộ: quốc tịch", "byHand": true},
          {
            "from": "portal.sodinhdanhA",
            "name": "sodinhdanhA",
            "title": "Người giám hộ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.loaigiaytoA", "name": "", "title": "Người giám hộ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.sodinhdanhA1", "name": "sodinhdanhA1", "title": "Người giám hộ: số", "label": "Số"},
          {
            "from": "portal.ngaycapA",
            "name": "ngaycapA",
            "title": "Người giám hộ: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.noicapA",
            "name": "noicapA",
            "title": "Người giám hộ: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {
            "from": "portal.noicutruA",
            "name": "",
            "title": "Người giám hộ: nơi cư trú (ghi số nhà trước, rồi chọn tỉnh, xã)",
            "byHand": true
          },
          {
            "from": "portal.hotenB",
            "name": "hotenB",
            "title": "Người được giám hộ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.ngaysinhB",
            "name": "ngaysinhB",
            "title": "Người được giám hộ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.gioitinhB", "name": "", "title": "Người được giám hộ: giới tính", "byHand": true},
          {"from": "portal.dantocB", "name": "", "title": "Người được giám hộ: dân tộc", "byHand": true},
          {"from": "portal.quoctichB", "name": "", "title": "Người được giám hộ: quốc tịch", "byHand": true},
          {
            "from": "portal.sodinhdanhB",
            "name": "sodinhdanhB",
            "title": "Người được giám hộ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.loaigiaytoB", "name": "", "title": "Người được giám hộ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.sodinhdanhB1", "name": "sodinhdanhB1", "title": "Người được giám hộ: số", "label": "Số"},
          {
            "from": "portal.ngaycapB",
            "name": "ngaycapB",
            "title": "Người được giám hộ: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.noicapB",
            "name": "noicapB",
            "title": "Người được giám hộ: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {
            "from": "portal.noicutruB",
            "name": "",
            "title": "Người được giám hộ: nơi cư trú (ghi số nhà trước, rồi chọn tỉnh, xã)",
            "byHand": true
          },
          {
            "from": "portal.lydo",
            "name": "lydo",
            "title": "Người được giám hộ: lý do đăng ký giám hộ",
            "label": "Lý do đăng ký giám hộ"
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.soluong", "name": "soluong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.004859": [
          {
            "from": "portal.nycQuanHe",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
            "byHand": true
          },
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToTuyThanC",
            "name": "SoGiayToTuyThanC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.ntdHoTen",
            "name": "ntdHoTen",
            "title": "Người thay đổi: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.ntdNgaySinh",
            "name": "ntdNgaySinh",
            "title": "Người thay đổi: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {"from": "portal.ntdGioiTinh", "name": "", "title": "Người thay đổi: giới tính", "byHand": true},
          {"from": "portal.ntdDanToc", "name": "", "title": "Người thay đổi: dân tộc", "byHand": true},
          {"from": "portal.ntdQuocTich", "name": "", "title": "Người thay đổi: quốc tịch", "byHand": true},
          {
            "from": "portal.ntdSoDDCN",
            "name": "ntdSoDDCN",
            "title": "Người thay đổi: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.ntdLoaiGiayToTuyThan",
            "name": "",
            "title": "Người thay đổi: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.ntdSoGiayToTuyThan",
            "name": "ntdSoGiayToTuyThan",
            "title": "Người thay đổi: số",
            "label": "Số"
          },
          {
            "from": "portal.ntdNgayCapGiayToTuyThan",
            "name": "ntdNgayCapGiayToTuyThan",
            "title": "Người thay đổi: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.ntdNoiCapGiayToTuyThan",
            "name": "ntdNoiCapGiayToTuyThan",
            "title": "Người thay đổi: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.ntdNoiCuTru", "name": "", "title": "Người thay đổi: nơi cư trú", "byHand": true},
          {"from": "portal.viecDangKy", "name": "", "title": "Nội dung: việc đăng ký", "byHand": true},
          {"from": "portal.soDangKyHSGoc", "name": "soDangKyHSGoc", "title": "Đã đăng ký: số", "label": "Số"},
          {
            "from": "portal.quyenDangKyHSGoc",
            "name": "quyenDangKyHSGoc",
            "title": "Đã đăng ký: quyển số",
            "label": "Quyển số"
          },
          {
            "from": "portal.ngayDangKyHSGoc",
            "name": "ngayDangKyHSGoc",
            "title": "Đã đăng ký: ngày, tháng, năm đăng ký",
            "label": "Ngày, tháng, năm đăng ký",
            "kind": "date-parts"
          },
          {
            "from": "portal.noiDangKyHSGoc",
            "name": "noiDangKyHSGoc",
            "title": "Đã đăng ký: nơi đăng ký hồ sơ gốc",
            "label": "Nơi đăng ký hồ sơ gốc"
          },
          {
            "from": "portal.noiDungDK",
            "name": "noiDungDK",
            "title": "Nội dung: nội dung đề nghị thay đổi, cải chính hộ tịch, bổ sung thông hộ tịch, xác định lại dân tộc",
            "label": "Nội dung đề nghị thay đổi, cải chính hộ tịch, bổ sung thông hộ tịch, xác định lại dân tộc (so printed)"
          },
          {
            "from": "portal.lyDoDK",
            "name": "lyDoDK",
            "title": "Nội dung: lý do thay đổi, cải chính hộ tịch, bổ sung thông hộ tịch, xác định lại dân tộc",
            "label": "Lý do thay đổi, cải chính hộ tịch, bổ sung thông hộ tịch, xác định lại dân tộc (so printed)"
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.004873": [
          {
            "from": "portal.quanhevoinguoiduocxacminh",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được cấp Giấy xác nhận tình trạng hôn nhân",
            "byHand": true
          },
          {"from": "portal.loaiDangKy", "name": "", "title": "Người được xác nhận: loại đăng ký", "byHand": true},
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhC",
            "name": "NgaySinhC",
            "title": "Người yêu cầu: ngày sinh",
            "label": "Ngày sinh",
            "kind": "date-parts"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToTuyThanC",
            "name": "SoGiayToTuyThanC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.HoVaTenC1",
            "name": "HoVaTenC1",
            "title": "Người được xác nhận: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhC1",
            "name": "NgaySinhC1",
            "title": "Người được xác nhận: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-parts"
          },
          {"from": "portal.GioiTinhC1", "name": "", "title": "Người được xác nhận: giới tính", "byHand": true},
          {"from": "portal.DanTocC1", "name": "", "title": "Người được xác nhận: dân tộc", "byHand": true},
          {"from": "portal.QuocTichC1", "name": "", "title": "Người được xác nhận: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanhC1",
            "name": "SoDinhDanhC1",
            "title": "Người được xác nhận: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC1",
            "name": "",
            "title": "Người được xác nhận: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToTuyThanC1",
            "name": "SoGiayToTuyThanC1",
            "title": "Người được xác nhận: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC1",
            "name": "NgayCapDDC1",
            "title": "Người được xác nhận: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC1",
            "name": "NoiCapDDC1",
            "title": "Người được xác nhận: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nxnNoiCuTru", "name": "", "title": "Người được xác nhận: nơi cư trú", "byHand": true},
          {
            "from": "portal.TinhTrangHonNhanC1",
            "name": "",
            "title": "Người được xác nhận: tình trạng hôn nhân",
            "byHand": true
          },
          {
            "from": "portal.voChongHoTen",
            "name": "voChongHoTen",
            "title": "Người được xác nhận: họ tên vợ hoặc chồng",
            "label": "Họ tên vợ hoặc chồng"
          }
        ],
        "1.004884": [
          {
            "from": "portal.QuanHe",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được khai sinh",
            "byHand": true
          },
          {"from": "portal.LoaiDangKy", "name": "", "title": "Người được khai sinh: loại đăng ký", "byHand": true},
          {
            "from": "portal.nksLoaiKhaiSinh",
            "name": "",
            "title": "Người được khai sinh: loại khai sinh",
            "byHand": true
          },
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanhC",
            "name": "SoGiayToDinhDanhC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.coQuanDKTruocDay",
            "name": "",
            "title": "Đã đăng ký: cơ quan đăng ký hộ tịch trước đây",
            "byHand": true
          },
          {
            "from": "portal.soDKTruocDay",
            "name": "soDKTruocDay",
            "title": "Đã đăng ký: số đăng ký khai sinh trước đây",
            "label": "Số đăng ký khai sinh trước đây"
          },
          {
            "from": "portal.quyenSoDKTruocDay",
            "name": "quyenSoDKTruocDay",
            "title": "Đã đăng ký: quyển số đăng ký khai sinh trước đây",
            "label": "Quyển số đăng ký khai sinh trước đây"
          },
          {
            "from": "portal.ngayDKTruocDay",
            "name": "ngayDKTruocDay",
            "title": "Đã đăng ký: ngày đăng ký khai sinh trước đây",
            "label": "Ngày đăng ký khai sinh trước đây",
            "kind": "date-or-year"
          },
          {
            "from": "portal.HoTenKS",
            "name": "HoTenKS",
            "title": "Người được khai sinh: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinhChon",
            "name": "NgaySinhChon",
            "title": "Người được khai sinh: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh"
          },
          {"from": "portal.GioiTinhKS", "name": "", "title": "Người được khai sinh: giới tính", "byHand": true},
          {"from": "portal.DanTocKS", "name": "", "title": "Người được khai sinh: dân tộc", "byHand": true},
          {"from": "portal.QuocTichKS", "name": "", "title": "Người được khai sinh: quốc tịch", "byHand": true},
          {"from": "portal.nksNoiSinh", "name": "", "title": "Người được khai sinh: nơi sinh", "byHand": true},
          {"from": "portal.nksQueQuan", "name": "", "title": "Người được khai sinh: quê quán", "byHand": true},
          {
            "from": "portal.HoTenMeKS",
            "name": "HoTenMeKS",
            "title": "Mẹ: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhMeKS",
            "name": "NamSinhMeKS",
            "title": "Mẹ: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhMe",
            "name": "SoDinhDanhMe",
            "title": "Mẹ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhMe", "name": "", "title": "Mẹ: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhMe", "name": "SoGiayToDinhDanhMe", "title": "Mẹ: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDMe",
            "name": "NgayCapDDMe",
            "title": "Mẹ: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDMe", "name": "NoiCapDDMe", "title": "Mẹ: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocMeKS", "name": "", "title": "Mẹ: dân tộc", "byHand": true},
          {"from": "portal.QuocTichMeKS", "name": "", "title": "Mẹ: quốc tịch", "byHand": true},
          {"from": "portal.MeNoiCuTru", "name": "", "title": "Mẹ: nơi cư trú của mẹ", "byHand": true},
          {
            "from": "portal.HoTenChaKS",
            "name": "HoTenChaKS",
            "title": "Cha: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NamSinhChaKS",
            "name": "NamSinhChaKS",
            "title": "Cha: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh",
            "kind": "date-or-year"
          },
          {
            "from": "portal.SoDinhDanhCha",
            "name": "SoDinhDanhCha",
            "title": "Cha: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.LoaiGiayToDinhDanhCha", "name": "", "title": "Cha: giấy tờ tùy thân", "byHand": true},
          {"from": "portal.SoGiayToDinhDanhCha", "name": "SoGiayToDinhDanhCha", "title": "Cha: số", "label": "Số"},
          {
            "from": "portal.NgayCapDDCha",
            "name": "NgayCapDDCha",
            "title": "Cha: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {"from": "portal.NoiCapDDCha", "name": "NoiCapDDCha", "title": "Cha: cơ quan cấp", "label": "Cơ quan cấp"},
          {"from": "portal.DanTocChaKS", "name": "", "title": "Cha: dân tộc", "byHand": true},
          {"from": "portal.QuocTichChaKS", "name": "", "title": "Cha: quốc tịch", "byHand": true},
          {"from": "portal.ChaNoiCuTru", "name": "", "title": "Cha: nơi cư trú", "byHand": true},
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "1.005461": [
          {
            "from": "portal.QuanHe",
            "name": "QuanHe",
            "title": "Người yêu cầu: quan hệ với người được khai tử",
            "label": "Quan hệ với người được khai tử"
          },
          {"from": "portal.loaiDangKy", "name": "", "title": "Người đã chết: loại đăng ký", "byHand": true},
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nycNoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.coQuanDKTruocDay",
            "name": "",
            "title": "Đã đăng ký: cơ quan đăng ký trước đây",
            "byHand": true
          },
          {
            "from": "portal.soDKTruocDay",
            "name": "soDKTruocDay",
            "title": "Đã đăng ký: số đăng ký khai tử trước đây",
            "label": "Số đăng ký khai tử trước đây"
          },
          {
            "from": "portal.quyenSoDKTruocDay",
            "name": "quyenSoDKTruocDay",
            "title": "Đã đăng ký: quyển số đăng ký khai tử trước đây",
            "label": "Quyển số đăng ký khai tử trước đây"
          },
          {
            "from": "portal.ngayDKTruocDay",
            "name": "ngayDKTruocDay",
            "title": "Đã đăng ký: ngày đăng ký khai tử trước đây",
            "label": "Ngày đăng ký khai tử trước đây",
            "kind": "date-or-year"
          },
          {
            "from": "portal.HoTen",
            "name": "HoTen",
            "title": "Người đã chết: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.NgaySinh",
            "name": "NgaySinh",
            "title": "Người đã chết: ngày, tháng, năm sinh",
            "label": "Ngày, tháng, năm sinh"
          },
          {"from": "portal.GioiTinh", "name": "", "title": "Người đã chết: giới tính", "byHand": true},
          {"from": "portal.nktDanToc", "name": "", "title": "Người đã chết: dân tộc", "byHand": true},
          {"from": "portal.nktQuocTich", "name": "", "title": "Người đã chết: quốc tịch", "byHand": true},
          {
            "from": "portal.SoDinhDanh",
            "name": "SoDinhDanh",
            "title": "Người đã chết: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanh",
            "name": "",
            "title": "Người đã chết: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToDinhDanh",
            "name": "SoGiayToDinhDanh",
            "title": "Người đã chết: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDD",
            "name": "NgayCapDD",
            "title": "Người đã chết: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDD",
            "name": "NoiCapDD",
            "title": "Người đã chết: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.nktNoiCuTru", "name": "", "title": "Người đã chết: nơi cư trú cuối cùng", "byHand": true},
          {
            "from": "portal.NgayMat",
            "name": "NgayMat",
            "title": "Người đã chết: ngày chết",
            "label": "Ngày chết",
            "kind": "date-or-year"
          },
          {"from": "portal.GioMat", "name": "GioMat", "title": "Người đã chết: giờ", "label": "Giờ"},
          {"from": "portal.PhutMat", "name": "PhutMat", "title": "Người đã chết: phút", "label": "Phút"},
          {"from": "portal.nktNoiChet", "name": "", "title": "Người đã chết: nơi chết", "byHand": true},
          {
            "from": "portal.NguyenNhanMat",
            "name": "NguyenNhanMat",
            "title": "Người đã chết: nguyên nhân chết",
            "label": "Nguyên nhân chết (nếu chưa xác định được/chưa rõ thì để trống)"
          },
          {"from": "portal.gbtSo", "name": "gbtSo", "title": "Giấy báo tử: số", "label": "Số"},
          {
            "from": "portal.gbtNgay",
            "name": "gbtNgay",
            "title": "Giấy báo tử: ngày cấp",
            "label": "Ngày cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.gbtCoQuanCap",
            "name": "gbtCoQuanCap",
            "title": "Giấy báo tử: nơi cấp",
            "label": "Nơi cấp"
          },
          {"from": "portal.CapBanSao", "name": "", "title": "Đề nghị cấp bản sao", "byHand": true},
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ],
        "2.000635": [
          {
            "from": "portal.NYC_QuanHe",
            "name": "",
            "title": "Người yêu cầu: quan hệ với người được cấp bản sao Giấy khai sinh/Trích lục hộ tịch",
            "byHand": true
          },
          {
            "from": "portal.HoVaTenC",
            "name": "HoVaTenC",
            "title": "Người yêu cầu: họ, chữ đệm, tên",
            "label": "Họ, chữ đệm, tên"
          },
          {
            "from": "portal.SoDinhDanhC",
            "name": "SoDinhDanhC",
            "title": "Người yêu cầu: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {
            "from": "portal.LoaiGiayToDinhDanhC",
            "name": "",
            "title": "Người yêu cầu: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.SoGiayToTuyThanC",
            "name": "SoGiayToTuyThanC",
            "title": "Người yêu cầu: số",
            "label": "Số"
          },
          {
            "from": "portal.NgayCapDDC",
            "name": "NgayCapDDC",
            "title": "Người yêu cầu: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NoiCapDDC",
            "name": "NoiCapDDC",
            "title": "Người yêu cầu: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NYC_NoiCuTru", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {
            "from": "portal.NDK_HoVaTen",
            "name": "NDK_HoVaTen",
            "title": "Người được đăng ký: họ, chữ đệm, tên người được đăng ký",
            "label": "Họ, chữ đệm, tên người được đăng ký"
          },
          {
            "from": "portal.NDK_NgaySinh",
            "name": "NDK_NgaySinh",
            "title": "Người được đăng ký: ngày Sinh",
            "label": "Ngày Sinh",
            "kind": "date-or-year"
          },
          {"from": "portal.NDK_GioiTinh", "name": "", "title": "Người được đăng ký: giới tính", "byHand": true},
          {"from": "portal.NDK_DanToc", "name": "", "title": "Người được đăng ký: dân tộc", "byHand": true},
          {
            "from": "portal.NDK_SoDinhDanh",
            "name": "NDK_SoDinhDanh",
            "title": "Người được đăng ký: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
          },
          {"from": "portal.NDK_QuocTich", "name": "", "title": "Người được đăng ký: quốc tịch", "byHand": true},
          {
            "from": "portal.NDK_LoaiGiayToTuyThan",
            "name": "",
            "title": "Người được đăng ký: giấy tờ tùy thân",
            "byHand": true
          },
          {
            "from": "portal.NDK_SoGiayToTuyThan",
            "name": "NDK_SoGiayToTuyThan",
            "title": "Người được đăng ký: số",
            "label": "Số"
          },
          {
            "from": "portal.NDK_NgayCap",
            "name": "NDK_NgayCap",
            "title": "Người được đăng ký: ngày, tháng, năm cấp",
            "label": "Ngày, tháng, năm cấp",
            "kind": "date-parts"
          },
          {
            "from": "portal.NDK_NoiCap",
            "name": "NDK_NoiCap",
            "title": "Người được đăng ký: cơ quan cấp",
            "label": "Cơ quan cấp"
          },
          {"from": "portal.NDK_NoiCuTru", "name": "", "title": "Người được đăng ký: nơi cư trú", "byHand": true},
          {
            "from": "portal.HoSo_LoaiYeuCau",
            "name": "",
            "title": "Đã đăng ký: loại việc yêu cầu cấp bản sao Giấy khai sinh/Trích lục hộ tịch",
            "byHand": true
          },
          {
            "from": "portal.HoSo_CoQuanDangKy",
            "name": "HoSo_CoQuanDangKy",
            "title": "Đã đăng ký: cơ quan đã đăng ký sự kiện hộ tịch trước đây",
            "label": "Cơ quan đã đăng ký sự kiện hộ tịch trước đây"
          },
          {
            "from": "portal.HoSo_TenGiayTo",
            "name": "HoSo_TenGiayTo",
            "title": "Đã đăng ký: tên giấy tờ hộ tịch",
            "label": "Tên giấy tờ hộ tịch"
          },
          {"from": "portal.HoSo_So", "name": "HoSo_So", "title": "Đã đăng ký: số", "label": "Số"},
          {
            "from": "portal.HoSo_QuyenSo",
            "name": "HoSo_QuyenSo",
            "title": "Đã đăng ký: quyển số",
            "label": "Quyển số"
          },
          {
            "from": "portal.HoSo_NgayCapSo",
            "name": "HoSo_NgayCapSo",
            "title": "Đã đăng ký: ngày, tháng, năm đăng ký",
            "label": "Ngày, tháng, năm đăng ký",
            "kind": "date-parts"
          },
          {"from": "portal.SoLuong", "name": "SoLuong", "title": "Số lượng bản sao", "label": "Số lượng bản sao"}
        ]
      }
    },
    {
      "id": "formio",
      "addresses": ["https://dichvucongbyt.moh.gov.vn/"],
      "attribute": "name",
      "procedures": {
        "1.001731": [
          {"from": "portal.data[fullname]", "name": "data[fullname]", "title": "Họ tên"},
          {"from": "portal.data[birthday]", "name": "data[birthday]", "title": "Ngày sinh", "kind": "full-date"},
          {
            "from": "portal.data[identityNumber]",
            "name": "data[identityNumber]",
            "title": "Số định danh",
            "kind": "digits"
          },
          {"from": "portal.data[address]", "name": "data[address]", "title": "Địa chỉ"},
          {"from": "portal.data[phoneNumber]", "name": "data[phoneNumber]", "title": "Điện thoại"}
        ],
        "1.014027": [
          {"from": "portal.data[fullname]", "name": "data[fullname]", "title": "Họ tên"},
          {"from": "portal.data[birthday]", "name": "data[birthday]", "title": "Ngày sinh", "kind": "full-date"},
          {"from": "portal.data[gender]", "name": "data[gender]", "title": "Giới tính"},
          {
            "from": "portal.data[identityNumber]",
            "name": "data[identityNumber]",
            "title": "Số định danh",
            "kind": "digits"
          },
          {"from": "portal.data[address]", "name": "data[address]", "title": "Địa chỉ"},
          {"from": "portal.data[phoneNumber]", "name": "data[phoneNumber]", "title": "Điện thoại"}
        ]
      }
    }
  ]
}
