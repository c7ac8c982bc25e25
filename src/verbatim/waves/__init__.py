"""Where runs are joined with what is said of their change: comparing, tracking, writing it down."""
