"""From one assignment file to a gradebook: handout, roster, totals, report."""
