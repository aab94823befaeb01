"""The pages: one file a noun, each view a form, one call and a redirect or a template.

Belongs here: routes. Does not belong here: rules, SQL, calls of `requests`, Buddy's field names.
"""
