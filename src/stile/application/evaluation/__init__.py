"""Law 7: rates measured on photographs, on presentations and on a lane's own passages."""
