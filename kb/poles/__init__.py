"""The territory: pôles, zones d’emploi, establishments."""
