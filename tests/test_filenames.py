"""Names that files are saved under, whatever they were called."""

from __future__ import annotations

import re
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qa.service.filenames import attachment, safe


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("2025/A_79_352.en.pdf", "A_79_352.en.pdf"),
        ("..\\..\\etc\\passwd", "passwd"),
        ("../../../", "document"),
        ("<img src=x onerror='run()'>.pdf", "_img src=x onerror='run()'_.pdf"),
        ('a"; filename="b.html', "a__ filename=_b.html"),
        ("line\r\nSet-Cookie: a=b.pdf", "lineSet-Cookie_ a=b.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("...", "document"),
        ("", "document"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("con-text.pdf", "con-text.pdf"),
        ("%2e%2e%2fpasswd", "_2e_2e_2fpasswd"),
        ("половина.pdf", "половина.pdf"),
    ],
)
def test_a_name_is_safe_on_every_system(source, name):
    assert safe(source) == name


@pytest.mark.parametrize(
    ("source", "plain"),
    [("été à Genève.pdf", "ete a Geneve.pdf"), ("تقرير.pdf", "document.pdf"), ("報告", "document")],
)
def test_old_programs_get_a_name_in_ascii(source, plain):
    assert f'filename="{plain}"' in attachment(source)


def test_a_long_name_keeps_its_ending():
    assert safe("x" * 500 + ".pdf") == "x" * 116 + ".pdf"
    assert len(safe("x." + "y" * 500)) == 120


@given(some.text(max_size=300))
def test_every_name_gives_one_header_that_programs_read_alike(source):
    header = attachment(source)
    assert re.fullmatch(r"attachment; filename=\"[ -~]+\"; filename\*=UTF-8''[!-~]+", header)
    message = Message()
    message["Content-Disposition"] = header.replace("; filename*", "; other*")
    assert message.get_content_disposition() == "attachment"
    assert not set(str(message.get_filename())) & set('/\\"\r\n;')
    message = Message()
    message["Content-Disposition"] = re.sub(r'filename="[^"]*"; ', "", header)
    assert message.get_filename() == safe(source)
