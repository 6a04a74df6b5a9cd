"""The duty screen (值班): what runs now and asks for a next step, for one hand and a telephone."""
