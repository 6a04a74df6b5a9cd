"""The papers that go up the ladder: the weekly summary with its signatures, the monthly circular."""
