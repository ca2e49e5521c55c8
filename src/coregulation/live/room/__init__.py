"""The room as pure state: messages, phases, seats, permissions, scripts and what each screen shows."""
