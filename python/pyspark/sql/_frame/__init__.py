"""DataFrame by themes: each file has the methods of one."""
