"""The life of one submission: what its form knew, its states, the claim, the one send, what is recorded of the answer.

Belongs here: every decision on whether something may be sent. Does not belong here: HTML, forms, SQL.
"""
