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
          {
            "from": "portal.NDK_NoiCuTru_TrongNuoc",
            "name": "",
            "title": "Người được đăng ký: nơi cư trú",
            "byHand": true
          },
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
          {"from": "portal.ntdNoiCuTru_TrongNuoc", "name": "", "title": "Người thay đổi: nơi cư trú", "byHand": true},
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
        "1.000894": [
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
          {"from": "portal.NoiCuTru_BenNu_TrongNuoc", "name": "", "title": "Bên nữ: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNu",
            "name": "SoDinhDanh_BenNu",
            "title": "Bên nữ: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
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
          {"from": "portal.NoiCuTru_BenNam_TrongNuoc", "name": "", "title": "Bên nam: nơi cư trú", "byHand": true},
          {
            "from": "portal.SoDinhDanh_BenNam",
            "name": "SoDinhDanh_BenNam",
            "title": "Bên nam: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
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
          }
        ],
        "1.004873": [
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
          {"from": "portal.nycNoiCuTru_TrongNuoc", "name": "", "title": "Người yêu cầu: nơi cư trú", "byHand": true},
          {"from": "portal.quanhevoinguoiduocxacminh", "name": "", "title": "Người yêu cầu: quan hệ", "byHand": true},
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
          {
            "from": "portal.SoDinhDanhC1",
            "name": "SoDinhDanhC1",
            "title": "Người được xác nhận: số định danh cá nhân",
            "label": "Số định danh cá nhân",
            "kind": "digits"
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
          {
            "from": "portal.nxnNoiCuTru_TrongNuoc",
            "name": "",
            "title": "Người được xác nhận: nơi cư trú",
            "byHand": true
          },
          {
            "from": "portal.TinhTrangHonNhanC1",
            "name": "",
            "title": "Người được xác nhận: tình trạng hôn nhân",
            "byHand": true
          },
          {"from": "portal.voChongHoTen", "name": "", "title": "Vợ hoặc chồng: họ tên", "byHand": true}
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
