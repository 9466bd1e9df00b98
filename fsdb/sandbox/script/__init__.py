"""The sandbox for evaluators that are whole programs: a process tree of its own for each evaluation."""
