"""What people see: the kiosk, the enrolment page and the desk. Views call use cases and hold no rules."""
