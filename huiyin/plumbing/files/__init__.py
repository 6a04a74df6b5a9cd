"""Files that people send: what they are, what they are called, and pictures drawn anew."""

from huiyin.plumbing.files.kinds import BadFile, Kind, kind_of
from huiyin.plumbing.files.names import called, clean_file_name
from huiyin.plumbing.files.pictures import JPEG, PNG, Picture, read_picture

__all__ = ["JPEG", "PNG", "BadFile", "Kind", "Picture", "called", "clean_file_name", "kind_of", "read_picture"]
