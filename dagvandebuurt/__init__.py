"""The house of the Dag van de Buurt: a day on which neighbourhoods ask, and get an answer."""
