"""Batches: cut a folder of takes with parallel workers, resume, watch and report."""
