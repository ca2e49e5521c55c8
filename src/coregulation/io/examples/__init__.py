"""Small valid files of each recording format, written by their own library or by hand: what tests read, and then damage."""
