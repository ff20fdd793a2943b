"""What a million runs cost: the list of runs, its filters, a look of the worker, a decision, the clean-up."""
