"""Two people, now: a room on this computer that guides a practice, shows what helps, and keeps what was agreed to."""
