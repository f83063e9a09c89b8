"""The fast twin of `rules.runs.matching`: same inputs, same outputs to the last row. (docs/mechanisms/engine.md)"""
