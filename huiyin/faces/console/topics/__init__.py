"""Cases that may be one matter (同一事项): proposals beside the registration and the case, and the page of all of them."""
