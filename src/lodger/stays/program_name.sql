-- What the naming kernel must name: each image with each command line, once.
SELECT path, cmd_line FROM instance GROUP BY path, cmd_line
