"""Who asks: staff sign-ins, device tokens, pairing, and who may use which route."""
