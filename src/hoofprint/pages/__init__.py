"""Pages for people, made on the server: getting an account, getting in, one's own account."""
