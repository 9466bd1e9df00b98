"""Reading runs: finding them, opening their logs, verifying them, comparing what they found."""
