"""Who is at the browser.

Belongs here: people and what they may do. Does not belong here: pages and forms.
"""
