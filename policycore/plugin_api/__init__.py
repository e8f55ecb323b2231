"""The contract with plugins: what they bring, how it is checked, how it is found."""
