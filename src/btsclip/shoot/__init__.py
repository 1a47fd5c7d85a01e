"""From footage to finished clips: analysis, planning and cutting of whole files."""
