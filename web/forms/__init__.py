"""What people fill in, a file a subject. A form checks shape; the rules are the services'."""
