"""Who and where: places, organisations with dated facts, people, accounts, roles.

Imports catalogue and what lies under it."""
