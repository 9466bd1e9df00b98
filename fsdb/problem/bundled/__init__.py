"""The problems that come with the product: each file beside this one is a specification, never imported."""
