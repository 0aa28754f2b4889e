"""What people are told: the inbox on every page, and messages out of the house by choice.

Imports registry and what lies under it; whoever has news calls `services.tell`."""
