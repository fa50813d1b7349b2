"""Alembic's door: runs migrations on the connection that models/schema.py hands over."""

from alembic import context

from models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
