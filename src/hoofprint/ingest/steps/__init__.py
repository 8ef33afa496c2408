"""One file a step: what each adds to a request, or why it drops it."""
