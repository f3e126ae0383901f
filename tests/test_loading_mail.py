"""Messages: who wrote what to whom and when; what is attached is named."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from contents import outline, read, said, table

from index.errors import UnreadableDocument
from index.records import BlockKind


def message(text: str = "", html: str = "", **fields: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = fields.get("subject", "The Plan")
    made["From"] = fields.get("sender", "A. Person <a@example.org>")
    made["To"] = "b@example.org"
    made["Date"] = fields.get("date", "Fri, 01 Mar 2024 10:05:07 +0100")
    if text or not html:
        made.set_content(text)
    if html and text:
        made.add_alternative(html, subtype="html")
    elif html:
        made.set_content(html, subtype="html")
    return made


def eml(made: EmailMessage | bytes):
    return read(made if isinstance(made, bytes) else made.as_bytes(), ".eml")


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as error:
        eml(data)
    return str(error.value)


HEAD = "From: A. Person <a@example.org>; To: b@example.org; Date: 2024-03-01 10:05+01:00"


def test_a_message_says_who_wrote_what_to_whom_and_when():
    content = eml(message("The Council decides.\n\nIt meets today.\n"))
    assert said(content) == ["The Plan", HEAD, "The Council decides.", "It meets today."]
    assert outline(content)[0] == (1, "The Plan")
    assert (content.metadata.title, content.metadata.date) == ("The Plan", "2024-03-01")


def test_lines_of_a_column_are_joined_and_marks_are_kept():
    text = (
        "The Council decides that all of its members shall meet in the well-\n"
        "known hall of the old town, where the meeting of last year was held,\n"
        "and that the meeting shall begin at noon of the first day of March.\n\n"
        "(a) first, the members meet;\n\n(b) then they speak.\n"
    )
    content = eml(message(text))
    assert "meet in the well-known hall of the old town, where" in content.text
    assert said(content, BlockKind.ITEM) == ["(a) first, the members meet;", "(b) then they speak."]


def test_quoted_lines_lose_their_signs():
    content = eml(message("Yes.\n\n> > What do\n> > you say?\n"))
    assert ">" not in content.text.replace("<a@example.org>", "")


def test_plain_text_is_read_before_html_and_html_where_there_is_no_other():
    both = message("Plain.", "<p>Marked.</p>")
    assert said(eml(both))[2:] == ["Plain."]
    html = "<table><tr><th>State<th>Rank<tr><td>Peru<td>5</table><script>secret</script>"
    content = eml(message(html=html))
    assert table(content) == [{"State": "Peru", "Rank": "5"}]
    assert "secret" not in content.text
    assert said(eml(message("  \n", html="<p>Marked.</p>")))[2:] == ["Marked."]


def test_what_is_attached_is_named_and_pictures_in_the_text_are_not():
    made = message("See there.")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan é.pdf")
    made.add_attachment(
        b"x", maintype="image", subtype="png", filename="logo.png", cid="<1>", disposition="inline"
    )
    made.add_attachment(message("Forwarded."))
    content = eml(made)
    assert content.notices == ("what is attached is not read: plan é.pdf, a message",)
    assert "Forwarded" not in content.text


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?Caf=C3=A9_plan?=", "=?iso-8859-1?b?Q2Fm6SBwbGFu?=", "Café plan"],
)
def test_subjects_are_decoded(subject: str):
    data = f"Subject: {subject}\nFrom: a@example.org\n\nText.\n".encode()
    assert eml(data).metadata.title == "Café plan"


@pytest.mark.parametrize("charset", ["no-such-code", "utf-8", ""])
def test_letters_that_are_not_what_they_say_are_read(charset: str):
    kind = f'Content-Type: text/plain; charset="{charset}"\n' if charset else ""
    head = f"Subject: A plan\n{kind}Content-Transfer-Encoding: 8bit\n\n"
    assert "caf" in eml(head.encode() + "café\n".encode("cp1252")).text


@pytest.mark.parametrize("date", ["", "yesterday", "99 Foo 99999 99:99"])
def test_a_date_that_is_none_is_not_told(date: str):
    content = eml(f"Subject: A plan\nDate: {date}\n\nText.\n".encode())
    assert content.metadata.date == ""
    assert said(content)[-1] == "Text."


def test_files_that_are_no_message_say_so():
    assert reason(b"") == "is empty"
    assert "no headers" in reason(b"\n\nonly text\n")
    assert (
        reason(b"Content-Type: multipart/encrypted; boundary=x\n\n--x--\n")
        == "is encrypted or sealed"
    )


def test_parts_nested_without_end_are_no_crash():
    lines = []
    for depth in range(3000):
        lines += [f'Content-Type: multipart/mixed; boundary="b{depth}"', "", f"--b{depth}"]
    data = "\n".join(["Subject: x", *lines, "Content-Type: text/plain", "", "deep"]).encode()
    assert "is damaged" in reason(data)


def test_parts_that_are_cut_off_are_read_as_far_as_they_go():
    data = message("One.", "<p>Two.</p>").as_bytes()
    assert said(eml(data[: data.index(b"One.") + 4]))[-1] == "One."
