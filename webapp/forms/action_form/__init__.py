"""The one form that adds and changes actions: its sections, helper buttons, pastes, copies, links and preview.

Belongs here: every box of that form and its words. Does not belong here: other forms,
and what they share with this one.
"""
