"""Text and spreadsheet tables: cells, columns, headers, and what each column means."""
