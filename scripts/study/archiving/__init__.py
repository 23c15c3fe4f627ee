"""The archive of a finished study: what belongs inside, how it is packed, and how it is verified."""
