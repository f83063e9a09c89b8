"""The only code that writes. Module = noun, function = verb, keyword-only, takes the actor as `by`."""
