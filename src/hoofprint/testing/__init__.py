"""What tests and demos need and a user may too: a clock to move, lifelike traffic."""
