"""Surveys: the stages, the questionnaire, who is asked, answers, the evaluation with its charts, the report."""
