"""What people in neighbourhoods want to learn, what there is to learn from, and what is still missing."""
