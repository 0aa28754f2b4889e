"""Door 1: REST under /api/v1. A view is a few lines round one call into `linkage`."""
