"""Job, Outbox and Event: the rows that background work is made of."""
