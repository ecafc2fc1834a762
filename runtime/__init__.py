"""What runs workflows: documents, plans, runs, models, and the door every caller comes through."""
