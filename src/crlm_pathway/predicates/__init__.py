"""The language of criteria: records of facts, inert predicates over them, and their interpreters."""
