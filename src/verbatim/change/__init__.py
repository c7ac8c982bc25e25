"""Two and more waves: what moved the NPS, trends, alerts, goals."""
