"""One body: from raw signals to beats, breath, skin and state."""
