"""One file of a rule set: read into a layer of values that know their places, held to the floors of the sets below."""
