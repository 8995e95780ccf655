"""What the index holds and how it follows the database: outbox, drain, rebuild, audit."""
