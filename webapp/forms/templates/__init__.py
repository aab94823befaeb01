"""The page on which a template is made or changed: its boxes in, a `Template` out.

Belongs here: what the maker types, its messages, its buttons. Does not belong here: network, database, HTML.
"""
