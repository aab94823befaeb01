"""The form of a template: which one it is, whether it may be used, and its answers on their way through.

Belongs here: what a template's form has of its own. Does not belong here: what it has in common with the whole form,
making templates.
"""
