"""A template's file, pasted into a box, and what is wrong with the template in it."""

from webapp.docker.texts import blank
from webapp.forms.fields import Text
from webapp.forms.messages import blame
from webapp.forms.passwords import PageForm
from webapp.forms.templates.fillings import of_template
from webapp.forms.templates.form import STANDS_FOR, TemplateForm
from webapp.prepared.files import LARGEST_FILE, BadFile, read_file
from webapp.prepared.judging import problems
from webapp.prepared.secrets import slots
from webapp.prepared.templates import Template


class FileForm(PageForm):
    """The box for a file."""

    file = Text(
        "The file",
        longest=LARGEST_FILE,
        height=8,
        description="The text of a file that was saved from a template.",
    )

    def template(self) -> Template | None:
        """The template in it; None where there is none, which the box tells then."""
        if blank(self.file.text):
            blame(self.file, "Enter the text of a template's file, or choose the file")
            return None
        try:
            return read_file(self.file.text.encode(errors="replace"))
        except BadFile as error:
            blame(self.file, str(error))
            return None

    def judge(self, template: Template) -> bool:
        """Whether the template in it may be made, by its own rules and by those of the whole form; else the box tells
        why not."""
        form = form_of(template)
        form.validate()
        found = [form.words_of(problem) for problem in problems(template)] or [words for _, words in form.problems()]
        self.file.errors = list(dict.fromkeys(found))
        return not found


def form_of(template: Template) -> TemplateForm:
    """The page of a template from a file. Its secrets are not in the file: they are typed later."""
    return TemplateForm(of_template(template), dict.fromkeys(slots(template), STANDS_FOR))
