"""What a program is worth: `pool` evaluates programs in sandboxed processes, `evaluation` is the result."""
