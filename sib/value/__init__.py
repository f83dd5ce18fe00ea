"""What the cash flows are worth, and to whom: returns, budget, public value, provider."""
