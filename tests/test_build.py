"""From files to a live generation."""

from __future__ import annotations


def test_a_second_build_of_the_same_files_encodes_nothing(index_of, encoder):
    index_of({"a.txt": "One sentence stands here.", "b.txt": "Another one stands there."})
    encoder.encoded.clear()
    report = index_of({})
    assert (report.changed, report.encoded, encoder.encoded) == (False, 0, [])


def test_one_new_document_is_the_only_one_encoded(index_of, encoder):
    index_of({f"{n}.txt": f"Document number {n} says word{n}." for n in range(20)})
    encoder.encoded.clear()
    report = index_of({"new.txt": "Something new."})
    assert (report.documents, report.encoded, encoder.encoded) == (21, 1, ["Something new."])
