"""What a file is follows from its bytes; what is not known is refused."""

from __future__ import annotations

import pytest

from huiyin.plumbing.files import BadFile, called, clean_file_name, kind_of
from huiyin.plumbing.files.tests.samples import ARCHIVE, DOCX, ELF, HTML, PDF, SVG, jpeg, packed, picture

JS = b"document.write('x'); alert(1);\n" * 9
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SOUND = b"\0\0\0\x20ftypM4A \0\0\0\0" + b"hdlr....soun"


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (jpeg(), "x.txt", "image/jpeg"),
        (picture(), "x", "image/png"),
        (picture(kind="GIF"), "x", "image/gif"),
        (picture(kind="WEBP"), "x", "image/webp"),
        (PDF, "x.jpg", "application/pdf"),
        (DOCX, "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "x", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OLE + "WordDocument".encode("utf-16-le"), "x", "application/msword"),
        ("现场情况\r\n第二行".encode(), "说明.txt", "text/plain"),
        ("现场情况".encode("gb18030"), "说明.csv", "text/plain"),
        ("现场情况".encode("utf-16"), "说明.TXT", "text/plain"),
        (b"ID3\x03" + bytes(99), "x.mp3", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "x", "audio/wav"),
        (SOUND, "x", "audio/mp4"),
        (b"#!AMR\n" + bytes(30), "x", "audio/amr"),
    ],
)
def test_what_people_send_is_known_by_its_bytes(data: bytes, name: str, mime: str) -> None:
    assert kind_of(data, name).mime == mime


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (HTML, "x.jpg"), (SVG, "x.jpg"), (JS, "x.jpg"), (ELF, "x.jpg"), (b"MZ" + bytes(200), "x.jpg"), (JS, "x.js"),
        (b"<?php system('id'); __HALT_COMPILER(); ?>", "x.jpg"), (b"<?php echo 1;", "x.txt"), (b"\xef\xbb\xbf  <html>", "x.txt"),
        (b"#!/bin/sh\nid\n", "x.txt"), (b"plain\n<script>alert(1)</script>", "x.txt"), (SVG, "x.svg"), (HTML, "x.html"),
        (ARCHIVE, "x.zip"), (ARCHIVE, "x.docx"), (packed(".phar/stub.php"), "x.jpg"), (PDF + ARCHIVE, "x.pdf"),
        (b"PK\x03\x04" + bytes(26) + b"mimetype%PDF-1.7" + ARCHIVE, "x.docx"), (OLE + bytes(99), "x.doc"), (bytes(99), "x.txt"),
        (b"\0\0\0\x20ftypheic" + bytes(99), "x.heic"), (b"II*\0" + bytes(99), "x.tiff"), (b"\0\0\0\x20ftypisom" + b"vide soun", "x.mp4"),
    ],
)  # fmt: skip
def test_pages_scripts_programs_archives_and_two_in_one_are_refused_whatever_they_are_called(data: bytes, name: str) -> None:
    with pytest.raises(BadFile) as refused:
        kind_of(data, name)
    assert refused.value.code == "wrong_type"


@pytest.mark.parametrize(("data", "name"), [(b"", "x.jpg"), (PDF[:-9], "x.pdf"), (DOCX[:-9], "x.docx")])
def test_what_is_empty_or_cut_is_invalid(data: bytes, name: str) -> None:
    with pytest.raises(BadFile) as refused:
        kind_of(data, name)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("sent", "clean"),
    [
        ("现场 照片.jpg", "现场 照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
        ("\u200b.htaccess", "htaccess"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ('a"b;filename=c.pdf', "a_b;filename=c.pdf"),
        ("con.txt", "_con.txt"),
        ("\u3164\u2800 . .", "附件"),
        ("", "附件"),
        ("长" * 300 + ".pdf", "长" * 96 + ".pdf"),
        ("x\udc80y.pdf", "xy.pdf"),
    ],
)
def test_a_name_loses_its_folders_and_what_nobody_sees(sent: str, clean: str) -> None:
    assert clean_file_name(sent) == clean


@pytest.mark.parametrize(
    ("sent", "data", "name"),
    [("照片.JPG", jpeg(), "照片.JPG"), ("照片.png", jpeg(), "照片.jpg"), ("x.pdf.exe", PDF, "x.pdf.exe.pdf"), ("无名", PDF, "无名.pdf")],
)
def test_the_ending_says_what_the_file_is(sent: str, data: bytes, name: str) -> None:
    assert called(sent, kind_of(data, sent)) == name
