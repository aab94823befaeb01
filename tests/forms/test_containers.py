"""The action that boxes hold, read without a form for each row, is the one that the form would ask for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.containers import container_in
from webapp.forms.action_form.form import DEFAULTS, RunContainerForm
from webapp.forms.action_form.posted import Typed, flatten

NOWHERE = Snapshot("")
# What is kept of a form, as any of its boxes may hold it.
TEXTS = st.one_of(st.text(max_size=9), st.sampled_from(["", " ", "\u200b", " a\r\nb ", "false", "true"]))
VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("key", "value", "description", "kept", "unknown"), TEXTS),
        **dict.fromkeys(("encrypted", "settable"), st.sampled_from(["", "true", "false", "y"])),
        "type": st.sampled_from(["VAR", "FILE", "SSH_KEY", "another", ""]),
    },
).filter(bool)
VOLUMES = st.fixed_dictionaries({}, optional={"source": TEXTS, "target": TEXTS}).filter(bool)
FORMS = st.builds(
    lambda variables, volumes: {
        **DEFAULTS,
        "name": "Run tests",
        **flatten("variables", variables),
        **flatten("volume_mappings", volumes),
    },
    st.lists(VARIABLES, max_size=4),
    st.lists(VOLUMES, max_size=3),
)


@settings(max_examples=50)
@given(FORMS)
def test_rows_mean_the_same_with_and_without_a_form(typed: Typed) -> None:
    assert container_in(typed, NOWHERE) == RunContainerForm(typed, {}, NOWHERE).to_request()
