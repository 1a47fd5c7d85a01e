"""Draw a timeline of a take and a contact sheet of its moments."""
