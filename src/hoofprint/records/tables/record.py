"""What every table has in common: the id, the two times and how constraints are named."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hoofprint.records.ids import ID_LENGTH, new_id
from hoofprint.records.moments import Moment

Id = String(ID_LENGTH)
HOSTNAME_LENGTH = 253

# Named constraints can be changed by a later migration; unnamed ones can't on every database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(DeclarativeBase):
    """One row of the management database."""

    metadata = MetaData(naming_convention=NAMES)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id, sort_order=-3)
    def_time: Mapped[datetime] = mapped_column(Moment, sort_order=-2)
    mod_time: Mapped[datetime] = mapped_column(Moment, sort_order=-1)
