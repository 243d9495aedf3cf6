"""Cross sections of the processes that make dark particles."""
