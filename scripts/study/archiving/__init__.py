"""The archive of a finished study: what belongs inside, how it is packed, how it is verified."""
