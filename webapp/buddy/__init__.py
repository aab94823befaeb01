"""Buddy's REST API as Slipway uses it: the client, its objects, its errors, what came of a send.

Belongs here: every name in Buddy's JSON, and `requests`. Does not belong here: Flask, forms, the database.
"""
