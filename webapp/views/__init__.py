"""The pages, a file a noun, and what they have in common: who may use them, addresses, lists, words, errors.

Belongs here: routes. Does not belong here: rules, SQL, calls of `requests`, Buddy's field names.
"""
