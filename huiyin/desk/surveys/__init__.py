"""Surveys: the questionnaire, who is asked, what they answered, and what follows from the answers."""
