"""What people without an account see."""
