"""The report: static pages that show figures, tables and verdicts beside what was printed."""
