"""What has to be kept until when, what may be destroyed and by whom, and who looked at whose data."""
