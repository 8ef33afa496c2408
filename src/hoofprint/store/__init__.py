"""Facts in, plans out: the fact store behind one port, embedded or clustered."""
