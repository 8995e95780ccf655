"""People: who they are, the roles they hold and for how long, and the tokens that follow from them."""
