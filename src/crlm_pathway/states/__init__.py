"""The states of the pathway, one module each: what is asked, which way it goes, and what the article says of it."""
