-- The last word on how far the sensors' clocks are ahead of the leading one's.
SELECT sensor, pairs, ahead_seconds FROM sensor_clock
