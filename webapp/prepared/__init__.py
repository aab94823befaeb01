"""Templates: what somebody prepared of an action, what is asked, and the request that comes of the answers.

Belongs here: what a template holds, its rules in words, its file. Does not belong here: Flask, SQL, network, HTML.
"""
