"""The texts of the site that an organiser writes: pages, blocks of the front page, and the house rules."""
