"""Whether an image is there: who may be asked, how, and what the answer proves.

Belongs here: the OCI distribution protocol, and which hosts and addresses may be asked. Does not belong here: what an
image reference looks like (`docker`), and pages.
"""
