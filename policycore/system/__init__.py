"""What the operating system is asked for: temporary folders, locks, atomic files, signals."""
