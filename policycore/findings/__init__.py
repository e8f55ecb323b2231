"""Keep findings over time: the store, their life cycle, decisions about them, the audit trail."""
