"""Views, a file a noun: each a few lines round one call into `linkage`."""
