"""The estate on disk: read foreign files, check them, write and open immutable snapshots."""
