"""darkbeam: from a dark-sector model to its exclusion plot."""
