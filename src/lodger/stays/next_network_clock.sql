-- The last word on how far the network sensor's clock is ahead of each host's.
SELECT host, pairs, ahead_seconds FROM network_clock
