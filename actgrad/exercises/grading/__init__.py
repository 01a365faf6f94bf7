"""Grades that cannot be forged: submissions return numbers, and only numbers are judged."""
