"""The journal's storage: SQLAlchemy models, migrations, encryption at rest.

Belongs here: every statement of SQL, and the keys that seal secrets. Does not belong here: what a state means,
HTTP, forms. No connection is ever held while Buddy is called.
"""
