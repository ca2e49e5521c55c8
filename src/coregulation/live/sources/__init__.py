"""Where packets come from when no page brings them: a simulated pair, a kept session, a strap at this computer, LSL."""
