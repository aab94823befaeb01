"""Addresses of registries."""

import re

import pytest

from webapp.docker.registries import check_registry, closed_registry, region_in

TAKEN = [
    "ghcr.io",
    "localhost:5000",
    "eu.gcr.io/",
    "[::1]:5000",
    "a-b.example:443/x/y",
    "$REGISTRY",
    "$REGISTRY:5000",
    "${REGISTRY}:5000/team",
    "$HOST:$PORT",
    "localhost:${PORT}",
    "localhost:5${PORT}",
    "${PREFIX}ghcr.io",
    "$HOST.example.com/$TEAM/${APP}",
    "$ACCOUNT.dkr.ecr.$REGION.amazonaws.com",
    "registry.example.com/${TEAM}/app",
    "ghcr.io$PATH_IN_IT",
    "[$ADDRESS]:5000",
    "$HOST/",
]


@pytest.mark.parametrize("text", TAKEN)
def test_a_host_with_port_and_path_is_taken_and_a_variable_for_each_of_them_or_a_part(text: str) -> None:
    check_registry(text)


REFUSED = {
    "https://ghcr.io": "The registry address must be without http:// or https://, for example ghcr.io",
    "me@ghcr.io": "The registry address must be without a user name, for example ghcr.io",
    "gh cr.io": "The registry address must be a host",
    "ghcr.io?x=1": "The registry address must be a host",
    "/path": "The registry address must be a host",
    "-a.example": "The registry address must be a host",
    "ghcr.io:port": "The registry address must be a host",
    "ghcr.io//a": "The registry address must be a host",
    "https://$HOST": "The registry address must be without http:// or https://, for example ghcr.io",
    "$USER@ghcr.io": "The registry address must be without a user name, for example ghcr.io",
    "-$HOST": "The registry address must be a host",
    "$HOST:port": "The registry address must be a host",
    "$HOST//team": "The registry address must be a host",
    "$HOST:70000": "The port of the registry address must be a number from 1 to 65535",
    "$HOST:123456$A": "The registry address must be a host",
    "ghcr.io:$": "A $ must begin the name of a variable",
    "${HOST:-ghcr.io}": "A $ must begin the name of a variable",
    "ghcr.io:0": "The port of the registry address must be a number from 1 to 65535",
    "ghcr.io:70000/x": "The port of the registry address must be a number from 1 to 65535",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_anything_else_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        check_registry(text)


@pytest.mark.parametrize(
    ("address", "whose", "region"),
    [
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com", "Amazon", "eu-central-1"),
        ("123456789012.dkr.ecr.us-gov-west-1.amazonaws.com:443/team", "Amazon", "us-gov-west-1"),
        ("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "Amazon", "us-east-1"),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "Amazon", "cn-north-1"),
        ("123456789012.dkr-ecr.eu-west-1.on.aws", "Amazon", "eu-west-1"),
        ("$ACCOUNT.dkr.ecr.$REGION.amazonaws.com", "Amazon", ""),
        (" 123456789012.DKR.ECR.EU-CENTRAL-1.AMAZONAWS.COM ", "Amazon", "eu-central-1"),
        ("eu.gcr.io", "Google", ""),
        ("gcr.io/project", "Google", ""),
        ("europe-west1-docker.pkg.dev/project/images", "Google", ""),
        ("public.ecr.aws", "", ""),
        ("ghcr.io", "", ""),
        ("notgcr.io", "", ""),
        ("", "", ""),
        (f"{'a.' * 40_000}gcr.io", "", ""),
    ],
)
def test_a_registry_that_asks_who_reads_is_known_by_its_address(address: str, whose: str, region: str) -> None:
    assert (closed_registry(address), region_in(address)) == (whose, region)
