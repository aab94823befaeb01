"""Whether a template may be made: what can be asked, and what can't."""

from webapp.prepared.problems import Problem
from webapp.prepared.templates import Template


def problems(template: Template) -> tuple[Problem, ...]:
    """Tell all that is wrong with a template, in the order of the form's page; nothing where it may be made.

    The whole form judges what is fixed; this judges what can be asked: no commands, no entrypoint, and neither names,
    types nor flags of variables; where the template holds a secret, what leads to it only by a list; no variable that
    changes what a program runs; and no use of an answer in the commands that a shell would run as code.
    """
    raise NotImplementedError
