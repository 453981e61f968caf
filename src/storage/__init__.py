"""Where events, receipts and sealed values are kept: the domain's ports on SQLAlchemy Core."""
