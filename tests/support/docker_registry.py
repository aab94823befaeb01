"""Docker's own registry, with real images in it that skopeo puts there."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from support.server import free_port
from support.waiting import until

NAME, PASSWORD = "anna", "sandbox-password"
# As `htpasswd -B` writes it, with the least work.
HTPASSWD = f"{NAME}:$2b$04$abcdefghijklmnopqrstuuee3wU18/YqyL5vFpqM2uqtudNP8RmPm\n"
CONFIGURATION = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}, maintenance: {{uploadpurging: {{enabled: false}}}}}}
http: {{addr: 127.0.0.1:{port}, secret: of-the-tests}}
auth: {{htpasswd: {{realm: tests, path: {folder}/htpasswd}}}}
"""
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@contextmanager
def docker_registry(folder: Path) -> Iterator[str]:
    """Run a registry that wants a name and password; give its host and port."""
    port = free_port()
    host = f"127.0.0.1:{port}"
    (folder / "htpasswd").write_text(HTPASSWD)
    (folder / "config.yml").write_text(CONFIGURATION.format(folder=folder, port=port))
    command = ["docker-registry", "serve", str(folder / "config.yml")]
    quiet = {"OTEL_TRACES_EXPORTER": "none", "PATH": os.environ["PATH"]}
    with (
        open(folder / "log", "wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=quiet) as running,
    ):
        try:
            until(lambda: answers(host) or running.poll() is not None)
            assert running.poll() is None, (folder / "log").read_text()
            yield host
        finally:
            running.terminate()


def answers(host: str) -> bool:
    """Whether the registry takes connections."""
    try:
        return requests.get(f"http://{host}/v2/", timeout=5).status_code == 401
    except requests.ConnectionError:
        return False


def push(host: str, folder: Path, name: str, tag: str) -> str:
    """Make an image, put it into the registry by skopeo, and give its digest."""
    layout = folder / f"{name.replace('/', '-')}-{tag}"
    digest = write_image(layout, f"{name}:{tag}")
    subprocess.run(
        ["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"]
        + ["--dest-creds", f"{NAME}:{PASSWORD}", f"oci:{layout}:{tag}", f"docker://{host}/{name}:{tag}"],
        check=True,
        timeout=60,
    )
    return digest


def tag_often(folder: Path, name: str, digest: str, tags: list[str]) -> None:
    """Give an image that is in the registry more tags, as its store on disk has them."""
    for tag in tags:
        found = folder / "images/docker/registry/v2/repositories" / name / "_manifests/tags" / tag / "current"
        found.mkdir(parents=True)
        (found / "link").write_text(digest)


def write_image(layout: Path, text: str) -> str:
    """Write an image with one file in it, in OCI's layout; give its digest."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        file = tarfile.TarInfo("hello")
        file.size = len(text)
        archive.addfile(file, io.BytesIO(text.encode()))
    layer = tar.getvalue()
    diff = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    configuration = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": diff}
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": write_blob(layout, "application/vnd.oci.image.config.v1+json", json_of(configuration)),
        "layers": [write_blob(layout, "application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(layer, mtime=0))],
    }
    named = write_blob(layout, MANIFEST, json_of(manifest))
    named["annotations"] = {"org.opencontainers.image.ref.name": text.rpartition(":")[2]}
    (layout / "index.json").write_bytes(json_of({"schemaVersion": 2, "manifests": [named]}))
    (layout / "oci-layout").write_bytes(json_of({"imageLayoutVersion": "1.0.0"}))
    return str(named["digest"])


def write_blob(layout: Path, kind: str, data: bytes) -> dict[str, Any]:
    """Write one part of an image, and give what describes it."""
    name = hashlib.sha256(data).hexdigest()
    (layout / "blobs/sha256").mkdir(parents=True, exist_ok=True)
    (layout / "blobs/sha256" / name).write_bytes(data)
    return {"mediaType": kind, "digest": f"sha256:{name}", "size": len(data)}


def json_of(data: object) -> bytes:
    """Data as JSON."""
    return json.dumps(data).encode()
