"""The pages with the form: adding and changing an action, from the first look to the send.

Belongs here: how the form is opened, kept, shown and sent. Does not belong here: what is typed into it, receipts.
"""
