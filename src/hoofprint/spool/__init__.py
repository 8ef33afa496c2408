"""The durable log between accepting and counting; it holds no IP address and no user agent."""
