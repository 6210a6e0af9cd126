"""The organiser's desk: who comes, who was there, and the files to take along."""
