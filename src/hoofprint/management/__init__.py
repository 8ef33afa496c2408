"""One file a resource, and who may do what."""
