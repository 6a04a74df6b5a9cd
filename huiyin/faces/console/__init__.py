"""The pages of the staff, a folder for each room of the desk."""
