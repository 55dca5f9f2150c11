"""What a member may do by themselves, and what becomes of what they ask for."""
