"""The pages of templates: the list, one of them, and the page on which one is made or changed.

Belongs here: what each address does. Does not belong here: rules for templates, HTML.
"""
