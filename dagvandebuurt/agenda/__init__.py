"""What must get an answer: agendapunten, from a question to what residents say of the result."""
