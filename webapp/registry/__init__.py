"""Registries of images, asked by the OCI distribution protocol: who may be asked, and what their answers prove."""
