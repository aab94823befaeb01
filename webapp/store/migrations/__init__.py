"""Alembic's environment and the migrations, oldest first.

Belongs here: changes of the tables. Does not belong here: anything that runs after the start.
"""
