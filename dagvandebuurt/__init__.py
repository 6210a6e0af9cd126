"""Platform of a congress at which neighbourhoods ask questions and get answers."""
