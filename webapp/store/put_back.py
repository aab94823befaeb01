"""Whether a PostgreSQL database was put back or copied by its own tools, so that somebody should begin anew on it.

Slipway is not asked then, and whoever was signed in when the backup was made would be signed in again. So a row says
which transaction has written it into which table. What pg_restore fills is another table, whose rows another
transaction has written. What servers do among themselves changes neither: a replica that takes over, pg_upgrade,
VACUUM. Of a server that was put back as a whole, by a snapshot for example, the row says what it said before.
"""

from sqlalchemy.engine import Connection

# Without a key, so that no tool for tables that have grown writes its rows anew. They are only added: one for the
# beginning, and one for each time that somebody has begun anew.
TABLE = "beginnings"
IS_THERE = f"SELECT to_regclass('{TABLE}') IS NOT NULL"
CREATE = f"CREATE TABLE {TABLE} (relation oid NOT NULL, transaction xid NOT NULL)"
BEGIN = f"INSERT INTO {TABLE} VALUES ('{TABLE}'::regclass, pg_current_xact_id()::xid)"
IS_EMPTY = f"SELECT NOT EXISTS (SELECT FROM {TABLE})"
IS_OUR_OWN = f"SELECT EXISTS (SELECT FROM {TABLE} WHERE relation = tableoid AND transaction = xmin)"


def prepare_beginnings(connection: Connection) -> None:
    """Write down that Slipway has begun on a database, unless it is written there already."""
    if connection.dialect.name != "postgresql":
        return
    if not connection.exec_driver_sql(IS_THERE).scalar():
        connection.exec_driver_sql(CREATE)
    if connection.exec_driver_sql(IS_EMPTY).scalar():
        begin(connection)


def begin(connection: Connection) -> None:
    """Write down that somebody has begun anew. What SQLite puts back, `slipway restore` does, which begins anew."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(BEGIN)


def was_put_back(connection: Connection) -> bool:
    """Whether nobody has begun on a database as it is; False for SQLite."""
    return connection.dialect.name == "postgresql" and not connection.exec_driver_sql(IS_OUR_OWN).scalar()
