"""Above one analysis: what a design would show, asked before anybody is recorded."""
