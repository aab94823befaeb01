"""What receipts say: nothing that is not so, and all that is known."""

from pathlib import Path

from support import faults
from support.hostile import HostileBuddy
from support.rigs import LEAST, QUICK, Rig

from webapp.buddy.transport import Timings


def test_pages_and_the_guide_name_the_time_that_a_send_really_has(rig: Rig, buddy: HostileBuddy) -> None:
    buddy.write_fault, buddy.creates = faults.read_and_wait, False
    form = rig.form()
    progress = form.by_id("progress")
    assert progress is not None
    assert progress.get("data-words") == f"This can take up to {QUICK.write} seconds. What you typed is kept."
    form.send(**LEAST)
    rig.parts.journal.move(rig.row.id, rig.row.version, "unknown", "sending")
    assert f"This can take up to {QUICK.write} seconds." in rig.receipt().text
    guide = (Path(__file__).parent.parent.parent / "README.md").read_text()
    assert f"Slipway gives Buddy {Timings().write} seconds" in guide
