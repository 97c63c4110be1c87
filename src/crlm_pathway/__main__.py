"""`python -m crlm_pathway` is the `crlm-pathway` command."""

from .cli import main

main()
