"""Files of items: kept under random names, never overwritten, handed out by the rule that guards their items."""
