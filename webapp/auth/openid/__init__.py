"""Signing in through an OpenID provider.

Belongs here: what is asked of the provider, and whom it lets in. Does not belong here: pages, passwords.
"""
