"""The live overview: companies, branches and projects side by side; every figure opens the list behind it."""
