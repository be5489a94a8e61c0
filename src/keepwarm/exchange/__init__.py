"""Exchange: other people's formats, read and written."""
