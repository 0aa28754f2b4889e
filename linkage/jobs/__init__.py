"""The durable side of background work: Job, Outbox, Event, and `wake()`.

Truth is a row written in the transaction that causes it; a message broker carries hints.
Imports nothing of the domain."""
