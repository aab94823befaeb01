"""Addresses of pipelines and actions, as people copy them from Buddy's pages or from its API."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from webapp.buddy.links import safe_link
from webapp.buddy.places import Place
from webapp.http.reading import is_id

PART = r"([A-Za-z0-9._-]+)"
NUMBER = r"([0-9]{1,19})"
IN_API = re.compile(rf"/workspaces/{PART}/projects/{PART}/pipelines/{NUMBER}(?:/actions/{NUMBER})?(?:/|$)", re.ASCII)
PIPELINE_PAGE = re.compile(rf"/{PART}/{PART}/pipelines/pipeline/{NUMBER}(?:/action/{NUMBER})?(?:/|$)", re.ASCII)
ACTION_PAGE = re.compile(rf"/{PART}/{PART}/pipelines/action/{NUMBER}(?:/|$)", re.ASCII)

NOT_BUDDYS = (
    "The address must be one of a pipeline or an action, for example "
    "https://app.buddy.works/team/website/pipelines/pipeline/2"
)
# What no address of a pipeline begins or ends with.
AROUND = "<>()[]\"'“”„‘’«».,;:!\u200b\u2060\ufeff"
NO_PLACE = (
    "The address must be that of a pipeline or an action, for example "
    "https://app.buddy.works/team/website/pipelines/pipeline/2"
)


class AddressError(ValueError):
    """A text is no address of a pipeline or an action; the message says what it must be."""


@dataclass(frozen=True)
class Address:
    """What an address names. The older page of an action does not tell its pipeline, which is None then."""

    workspace: str
    project: str
    pipeline: int | None
    action: int | None = None

    @classmethod
    def parse(cls, text: str, link_base: str) -> "Address":
        """Read an address of Buddy's (`html_url` or API `url`). Raises `AddressError`.

        `link_base` is the address whose host may be linked to besides Buddy's own domain.
        """
        url = alone(text)
        url = url if "://" in url else f"https://{url}"
        if safe_link(url, link_base) is None:
            raise AddressError(NOT_BUDDYS)
        path = urlsplit(url).path
        try:
            return read_path(path)
        except ValueError:
            raise AddressError(NO_PLACE) from None

    def place(self, pipeline: int) -> Place:
        """The pipeline's place. Raises `ValueError` for a part that is not safe in a path."""
        return Place(self.workspace, self.project, pipeline)


def is_address(text: str, link_base: str) -> bool:
    """Whether a text is meant as an address: it says so, or begins with a host that Buddy's addresses have."""
    return "://" in text or ("." in text and safe_link(f"https://{alone(text)}", link_base) is not None)


def alone(text: str) -> str:
    """An address without what stands around it in a sentence or a mail."""
    return text.strip().strip(AROUND).strip()


def read_path(path: str) -> Address:
    """Read the path of an address. Raises `ValueError`."""
    if match := IN_API.search(path) or PIPELINE_PAGE.search(path):
        address = Address(match[1], match[2], int(match[3]), int(match[4]) if match[4] else None)
    elif match := ACTION_PAGE.search(path):
        address = Address(match[1], match[2], None, int(match[3]))
    else:
        raise ValueError("no place")
    if address.action is not None and not is_id(address.action):
        raise ValueError("no action")
    # Making a place checks the parts.
    address.place(1 if address.pipeline is None else address.pipeline)
    return address
