"""How the installed SDKs behave: each test runs them and holds one fact the backend relies on."""
