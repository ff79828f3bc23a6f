"""The OpenAPI document against a running demo, with every credential."""
