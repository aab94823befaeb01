"""Forms: what a browser posts becomes a typed request, or messages that say what to change.

Belongs here: field names, labels, help, rules and their words. Does not belong here: network, database, HTML.
"""
