"""What other products counted, read out of their archives and interfaces; a file for each."""
