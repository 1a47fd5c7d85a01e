"""From signals to moments: where people work, how sure that is, and which parts to cut."""
