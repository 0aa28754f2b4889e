"""Scripts that make and check the files in `linkage/reference/data`; never imported at run time."""
