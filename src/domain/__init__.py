"""The domain: pure rules of a residential service centre, and the one way in."""
