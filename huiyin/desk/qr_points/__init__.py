"""二维码点位: codes that hang in a lobby, a lift, at a door; whoever scans one says what is the matter there, without an account."""
