"""Who steadies whom: the only floor that may use the word co-regulation of a result."""
