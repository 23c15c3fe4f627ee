"""The report: one HTML page that shows every figure, table and verdict beside what was printed."""
