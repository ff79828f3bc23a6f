"""From a request to its route's function, at little cost."""
