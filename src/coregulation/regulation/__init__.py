"""Who steadies whom; so far the words of a verdict and its linkage branch."""
