"""Which names of a mall some paper or screen cannot show: said at the import."""
