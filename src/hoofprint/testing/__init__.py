"""What tests and demos need and a user may too: fakes, clocks, lifelike traffic."""
