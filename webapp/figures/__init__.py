"""Figures of what Slipway does, for machines that watch it.

Belongs here: which figures there are, counting them, summing those of several processes, writing them down for
Prometheus. Does not belong here: what counts as what, which the packages say that do it.
"""
