"""Natural mode: what an ordinary hour together says, without time alone and without marked stressors.

It asks whether a person's own rises end sooner when the other was settled just before. The answer is an association in time, never
"because of": only time alone or a coin can say what would have happened without the other.
"""
