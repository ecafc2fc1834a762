"""Steps that look something up in what the company knows."""
