"""The reports: what each shows, made from closed days and the tables of the rooms."""
