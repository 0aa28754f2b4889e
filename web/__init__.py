"""Door 2: pages, server-rendered. A view is a few lines round one call into `linkage`."""
