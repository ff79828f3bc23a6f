"""Routes by which the mall is set up."""
