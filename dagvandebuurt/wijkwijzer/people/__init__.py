"""People around the Wijkwijzer: following, and being introduced to one another."""
