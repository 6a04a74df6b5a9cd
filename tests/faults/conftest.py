"""The organisation that the rooms' tests share serves here as well."""

from huiyin.desk.conftest import at, branch, clerk, company, organisation, project, with_post

__all__ = ["at", "branch", "clerk", "company", "organisation", "project", "with_post"]
