"""Claims: each published statement as a test on the tables of the analyses, with a verdict."""
