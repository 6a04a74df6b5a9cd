"""What any company would write: no word of our trade in here."""
