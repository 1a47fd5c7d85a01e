"""What was found, as pictures: a timeline of the take and a contact sheet of its moments."""
