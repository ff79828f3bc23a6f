"""The small mall, its people and its servers, for tests that use the real parts."""
