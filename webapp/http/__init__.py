"""Asking another server over HTTP: connections, time limits, how many may ask at once, reads, and what a refusal means.

Belongs here: `requests`, and what is the same whatever is asked. Does not belong here: Buddy's objects and paths.
"""
