"""Docker's own registry, which wants a name and password, with real images in it that skopeo has put there."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from support.docker_registry import NAME, PASSWORD, docker_registry, push, tag_often
from support.registries import Desk, asking

from webapp.registry.findings import Seen
from webapp.registry.images import Credentials

RIGHT = Credentials(NAME, PASSWORD)
MANY = [f"1.{number}" for number in range(1500)]


@dataclass
class Real:
    """The registry, who may ask it, and the digest of what is in it."""

    host: str
    desk: Desk
    digest: str


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    folder = tmp_path_factory.mktemp("registry")
    with docker_registry(folder) as host:
        digest = push(host, folder, "team/app", "3.12.1")
        push(host, folder, "team/app", "3.12.0")
        tag_often(folder, "team/app", digest, ["latest"])
        tag_often(folder, "team/often", digest, MANY)
        with asking(f"http://{host}") as desk:
            yield Real(host, desk, digest)


def test_an_image_is_there_for_who_may_read_it(real: Real) -> None:
    finding = real.desk.check(f"{real.host}/team/app:3.12.1", RIGHT)
    assert (finding.seen, finding.digest) == (Seen.THERE, real.digest)
    assert finding.sentence == f"The image is there: {real.digest[:19]}."
    assert real.desk.check(f"{real.host}/team/app@{real.digest}", RIGHT).seen is Seen.THERE


def test_with_a_wrong_password_or_none_it_refuses(real: Real) -> None:
    for credentials in (None, Credentials(NAME, "wrong"), Credentials("bert", PASSWORD)):
        for image in ("team/app:3.12.1", "team/app:9", "team/none:1"):
            assert real.desk.check(f"{real.host}/{image}", credentials, person=image).seen is Seen.REFUSED


def test_a_missing_tag_names_those_that_are_most_like_it(real: Real) -> None:
    finding = real.desk.check(f"{real.host}/team/app:3.12.2", RIGHT)
    assert finding.seen is Seen.NOT_THERE
    assert set(finding.nearest) == {"3.12.1", "3.12.0", "latest"}


def test_a_missing_image_is_not_there(real: Real) -> None:
    finding = real.desk.check(f"{real.host}/team/none:1", RIGHT)
    assert (finding.seen, finding.sentence) == (
        Seen.NOT_THERE,
        "The registry has no such image. Look at the spelling of its name.",
    )


def test_its_tags_are_read_also_where_they_are_many(real: Real) -> None:
    assert real.desk.tags(f"{real.host}/team/app", RIGHT).names == ("3.12.1", "3.12.0", "latest")
    many = real.desk.tags(f"{real.host}/team/often", RIGHT)
    assert (many.names, many.whole) == (tuple(reversed(MANY)), True)


def test_latest_can_be_pinned_to_the_version_that_it_is(real: Real) -> None:
    assert real.desk.pins(f"{real.host}/team/app:latest", RIGHT).names == ("3.12.1",)
