"""Rules of the team at the moment of the send: what waited is judged again, and nothing is sent unjudged."""

from support.rigs import LEAST, Rig

from webapp.prepared.sending_rules import SendingRule, SendingRules, Subject, Verdict
from webapp.store.events import Actor


def test_what_was_not_sent_is_judged_again_before_it_is_sent_again(
    rig: Rig,
) -> None:
    page = rig.form()
    rig.clock.forward(minutes=11)
    rig.buddy.readable = False
    receipt = page.send(**LEAST)
    assert rig.states == ["not_sent"]
    rig.buddy.readable = True
    rules = SendingRules({Subject.USER: SendingRule(Verdict.REFUSE, "Name a user")})
    assert rig.parts.rulebook.change(rules, 0, Actor(None, "Slipway"))
    again = rig.press(receipt, "attempts")
    assert (again.status, again.error_at("run_as_user"), rig.buddy.writes) == (422, "Name a user", 0)


def test_while_the_rules_cannot_be_read_nothing_is_sent(rig: Rig) -> None:
    page = rig.form()
    with rig.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE rules RENAME TO gone")
    told = page.send(**LEAST)
    assert (told.status, rig.buddy.writes) == (503, 0)
    assert told.fields["inline_commands"].strip() == "make test"
