"""Public notices to the customers: written from the cases, looked through for names and numbers, approved by a second person, issued."""
