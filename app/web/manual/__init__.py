"""The manual, served by the product itself: `/help` needs no internet."""
