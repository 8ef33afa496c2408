"""The values that everything else speaks in; standard library and msgspec only."""
