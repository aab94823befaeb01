"""Folders: what of the pipeline's filesystem the container sees, and what is kept of the container's."""

from collections.abc import Mapping

from webapp.docker.texts import blank
from webapp.docker.volumes import VolumeMapping, check_source, check_target
from webapp.forms.fields import Line, Tick
from webapp.forms.messages import row_called
from webapp.forms.quick import QuickForm
from webapp.forms.validators import checked, needed, on_line, optional, plain


class FilesystemForm(QuickForm):
    """Where the container's filesystem goes, and whether the pipeline's is mounted."""

    export_container_path = Line(
        "Export the container to",
        [optional(), plain("The export path")],
        when_empty="not exported",
        description="A path in the pipeline's filesystem where the container's files go as a tar archive.",
    )
    mount_filesystem_disable = Tick(
        "Do not mount the pipeline's filesystem",
        description="The container then sees none of the pipeline's files, and volume mappings have no effect.",
    )


class VolumeMappingForm(QuickForm):
    """One folder of the pipeline that appears in the container."""

    source = Line(
        "Folder in the pipeline",
        [
            needed("Enter the folder in the pipeline, for example /"),
            plain("The folder in the pipeline"),
            checked(check_source),
        ],
    )
    target = Line(
        "Folder in the container",
        [
            needed("Enter the folder in the container, for example /buddy/app"),
            plain("The folder in the container"),
            checked(check_target),
        ],
    )

    @property
    def empty(self) -> bool:
        """Whether nothing was typed in this row."""
        return is_empty({"source": self.source.text, "target": self.target.text})

    def called(self, number: int) -> str:
        """What people call the row that has this number: by that and, where there is one, its path in the container,
        since what is wrong may be said of the other path."""
        numbered = f"Volume {number}"
        path = row_called("Volume", number, self.target.text)
        return numbered if path == numbered else f"{numbered} ({path})"

    def mapping(self) -> VolumeMapping:
        """The row as a volume mapping."""
        return mapping_in({"source": self.source.text, "target": self.target.text})


def is_empty(row: Mapping[str, str]) -> bool:
    """Whether nothing was typed in the boxes of a row."""
    return blank(row.get("source")) and blank(row.get("target"))


def mapping_in(row: Mapping[str, str]) -> VolumeMapping:
    """The boxes of a row as a volume mapping."""
    return VolumeMapping(on_line(row.get("source", "")), on_line(row.get("target", "")))
