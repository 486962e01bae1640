-- Says that a worker lives.
-- KEYS: 1 workers, 2 statuses
-- ARGV: 1 worker, 2 its status, 3 how long it counts as living in ms, 4 how many workers there may be
-- Returns: the living workers; false where there are too many already.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
for _, worker in ipairs(gone) do
  redis.call('ZREM', KEYS[1], worker)
  redis.call('HDEL', KEYS[2], worker)
end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
  return false
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
