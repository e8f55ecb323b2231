"""Schema revisions of the store, run by policycore itself."""
