"""Texts about containers: image references, registries, volume mappings, `docker run` lines, Compose services,
`.env` text.

Belongs here: pure functions on text, with the standard library. Does not belong here: network, Flask, Buddy's JSON.
"""
