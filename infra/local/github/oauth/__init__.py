"""OAuth: how somebody lets the App act for them, and how it gets and renews the token for that."""
