"""A folder of takes made into clips by many processes, each once however often a run ends."""
