"""Slipway: a web desk that adds "Run Docker container" actions to Buddy pipelines.

Belongs here: the rooms. Does not belong here: anything that is loaded, since `__main__.py` comes before all else.
"""
