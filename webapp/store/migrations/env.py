"""Runs the migrations on the connection that Slipway has opened."""

from alembic import context

from webapp.store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
