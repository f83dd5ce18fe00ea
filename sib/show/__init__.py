"""Tables, charts, sentences and pages of a result: picked and worded, never worked out."""
