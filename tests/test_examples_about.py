"""What a collection is, in a line."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from qa.service.examples import about


def entry(publisher="", date=""):
    return SimpleNamespace(publisher=publisher, date=date)


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ([], "0 documents."),
        ([entry()], "1 document."),
        ([entry("UN", "2009-02"), entry("UN", "2021")], "2 documents by UN, 2009 to 2021."),
        ([entry("UN", "2019"), entry("UNODC", "2019-05-01")], "2 documents by UN, UNODC, 2019."),
        ([entry(one) for one in "AABCDE"], "6 documents by A, B, C and 2 more."),
        ([entry(date="undated")] * 1200, "1,200 documents."),
    ],
)
def test_documents_publishers_and_years_are_told(documents, said):
    assert about(documents) == said
