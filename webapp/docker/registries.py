"""Addresses of registries: a host, perhaps with a port and a path; a variable may stand for each of them."""

import re

from webapp.docker.variables import with_stand_ins

HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])"
HOST_WITH_PORT = re.compile(rf"{HOST}(?::[0-9]{{1,5}})?")
# docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the private registries, which nobody reads unasked.
AMAZON = re.compile(r"(?:.+\.)?dkr[.-]ecr(?:-fips)?\.([^.]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)")
REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")
# cloud.google.com/artifact-registry/docs/docker/names, cloud.google.com/container-registry/docs
GOOGLE = re.compile(r"(?:.+\.)?(?:gcr\.io|[^.]+-docker\.pkg\.dev)")
LONGEST_HOST = 300
PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")


def check_registry(text: str) -> None:
    """Raise `ValueError` unless `text` is the address of a registry; the message says what it must be."""
    if "://" in text:
        raise ValueError("The registry address must be without http:// or https://, for example ghcr.io")
    if "@" in text:
        raise ValueError("The registry address must be without a user name, for example ghcr.io")
    host, slash, path = with_stand_ins(text).partition("/")
    if not HOST_WITH_PORT.fullmatch(host) or not PATH.fullmatch(slash + path):
        raise ValueError("The registry address must be a host, with a port or path where needed: localhost:5000/team")
    # With a variable in it a port is any number.
    port = text.partition("/")[0].rpartition(":")[2]
    if port.isdigit() and ":" in host and not host.endswith("]") and not 1 <= int(port) <= 65_535:
        raise ValueError("The port of the registry address must be a number from 1 to 65535")


def closed_registry(text: str) -> str:
    """Whose registry an address is, of those that usually need a sign-in: Amazon, Google, or an empty text."""
    host = host_of(text)
    if AMAZON.fullmatch(host):
        return "Amazon"
    return "Google" if GOOGLE.fullmatch(host) else ""


def region_in(text: str) -> str:
    """The AWS region in the address of an Amazon registry, or an empty text."""
    match = AMAZON.fullmatch(host_of(text))
    return match[1] if match and REGION.fullmatch(match[1]) else ""


def host_of(text: str) -> str:
    """The host in an address, in small letters; empty when it is longer than any host."""
    host = text.strip().partition("/")[0].partition(":")[0]
    return host.lower() if len(host) <= LONGEST_HOST else ""
