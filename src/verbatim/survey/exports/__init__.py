"""The exports of survey tools: a room a tool, which says how its files look; `recognise` tells whose a file is."""
