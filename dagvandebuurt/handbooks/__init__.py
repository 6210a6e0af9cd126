"""Handbooks of the roles, in Dutch and in English: read on the site, and as files beside this one."""
