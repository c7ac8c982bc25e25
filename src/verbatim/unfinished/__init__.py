"""What a run has done before it is finished: stages on disk, one run at a time, nothing mixed."""
