"""The lives of findings: what moved in each run, and what is known of each."""
