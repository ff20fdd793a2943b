"""One week of one home's rota: its days, its shifts, who is away, and copying a week into the next."""
