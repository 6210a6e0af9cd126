"""Action points: from a question to an organisation's answer, and the residents' verdict on the result."""
