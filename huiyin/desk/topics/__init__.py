"""Cases that may be about one matter: proposals, and what people make of them."""
