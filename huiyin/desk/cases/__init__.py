"""Cases: registered, moved from state to state, found, counted."""
