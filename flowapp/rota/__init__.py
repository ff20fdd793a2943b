"""The rota of care homes: who works when, who is away, and the rules of both."""
