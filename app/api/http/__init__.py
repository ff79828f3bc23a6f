"""HTTP itself: what a request may be, and how an answer or a refusal is sent."""
