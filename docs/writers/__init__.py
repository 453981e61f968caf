"""Writers of the reference: one module for each page, whose ``page()`` returns its text."""
