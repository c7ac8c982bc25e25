"""An Analysis becomes pages people read."""
