"""The coin: whether a person settles sooner because of the partner, from cues that a coin decides, without time alone.

At each of the receiver's own rises a coin decides whether the giver alone gets a private cue to slow down. The coin depends on nothing
but a committed seed, so the test that flips it again has its size by design, whatever else the two people share.
"""
