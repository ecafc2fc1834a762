"""What people and programs touch: the screens, the canvas, the HTTP API and the command line."""
