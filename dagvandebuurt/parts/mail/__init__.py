"""Transactional outbox for mail: a row in the same transaction as its cause, sent afterwards by a job."""
