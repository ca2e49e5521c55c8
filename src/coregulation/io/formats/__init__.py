"""One file per recording format, and the registry that finds the right one."""
