"""What a run prints, followed for all who watch it, and what the end of it means in words.

Belongs here: logs of Buddy's runs, made fit for a page, and never stored. Does not belong here: HTML, forms, SQL.
"""
