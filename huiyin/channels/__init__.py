"""The ways by which facts come in from outside and messages leave; a folder each."""
