"""Platform of the Dag van de Buurt, a congress at which neighbourhoods ask questions and get answers."""
