"""Signals to moments: where work goes on, how sure that is, and which parts to cut."""
