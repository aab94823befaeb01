"""What a run was asked for on, in words."""

from webapp.forms.runs import REVISIONS, revision_in_words


def test_each_revision_that_can_be_chosen_has_words_of_its_own_and_no_other_is_taken_for_one() -> None:
    told = {revision_in_words({"revision": name, "branch": "next", "tag": "next"}) for name in REVISIONS}
    newer = revision_in_words({"revision": "a kind that a newer Slipway has", "branch": "next", "tag": "next"})
    assert len(told | {newer}) == len(REVISIONS) + 1
    assert revision_in_words({}) == "the newest commit"
