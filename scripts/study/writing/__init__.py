"""What is written from code and config: the schema, pages of docs/, the help of programs."""
