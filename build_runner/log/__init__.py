"""The build's log: what may be shown of what programs print, line by line."""
