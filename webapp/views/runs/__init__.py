"""Runs: asking for one, following it, stopping it.

Belongs here: the pages of runs, and who may use which. Does not belong here: what is sent and how it is looked for
(`submissions`), how a log is read and what it means (`webapp/runs`).
"""
